"""Links to services: which confirmation is of which field (H01, U02)."""

from domain.chain.reading import Seen, View
from domain.fields import Handlungsfeld


def confirmed_for(view: View, field: Handlungsfeld) -> list[Seen]:
    """Return the confirmed links of a field, and those whose field is not told.

    The field stands in the latest ``ServiceLinked`` before with the same ``link_id``.
    """
    return [one for one in view.of("LinkConfirmed") if _field(view, one) in (None, field)]


def _field(view: View, confirmed: Seen) -> Handlungsfeld | None:
    link = confirmed.get("link_id")
    if link is None:
        return None
    linked = [one for one in view.before(confirmed, "ServiceLinked") if one.get("link_id") == link]
    field: Handlungsfeld | None = linked[-1].get("field") if linked else None
    return field
