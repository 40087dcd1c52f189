"""The naturalisation procedure: from the first written request to the certificate, a refusal or a withdrawal."""

from dataclasses import dataclass
from datetime import date

from domain.chain.reading import Seen, View

APPLIED = "NaturalisationApplied"
CERTIFICATE = "NaturalisationCertificateHandedOver"
APPROVED, ASSURED = "NaturalisationApproved", "NaturalisationAssuranceGranted"
REFUSED, WITHDRAWN = "NaturalisationRefused", "NaturalisationWithdrawn"
_ENDS = (CERTIFICATE, REFUSED, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Procedure:
    """An application, and the fact that ends its procedure; a request while it runs begins no other."""

    applied: Seen
    ended: Seen | None

    def pending_on(self, day: date) -> bool:
        """Say whether the application is pending on a day: from its own to the day before the end."""
        return self.applied.latest <= day and (self.ended is None or day < self.ended.latest)

    def running_at(self, one: Seen) -> bool:
        """Say whether a fact stands between the application and the end, in order."""
        return self.applied.rank < one.rank and (self.ended is None or one.rank < self.ended.rank)


def procedures(view: View) -> list[Procedure]:
    """Return the procedures in order."""
    found: list[Procedure] = []
    applied: Seen | None = None
    for one in view.of(APPLIED, *_ENDS):
        if one.type == APPLIED:
            applied = applied or one
        elif applied is not None:
            found.append(Procedure(applied, one))
            applied = None
    if applied is not None:
        found.append(Procedure(applied, None))
    return found


def pending(every: list[Procedure], day: date) -> Procedure | None:
    """Return the procedure that is pending on a day, if one is."""
    return next((one for one in every if one.pending_on(day)), None)
