"""Where things stand in the picture: strands and links of fields, and strands of gaps."""

from collections.abc import Mapping
from datetime import date

from domain.chain.catalogue import RULES
from domain.chain.intervals import Interval
from domain.chain.reading import View
from domain.chain.rule import Pattern
from domain.fields import Handlungsfeld
from projections.strands import StrandName
from projections.worklist import DUE_SOON

_STRANDS: Mapping[Handlungsfeld, StrandName] = {
    Handlungsfeld.AUFENTHALT: StrandName.AUFENTHALT,
    Handlungsfeld.ERSTORIENTIERUNG: StrandName.BERATUNG,
    Handlungsfeld.SPRACHE: StrandName.SPRACHE,
    Handlungsfeld.BILDUNG: StrandName.BILDUNG,
    Handlungsfeld.ANERKENNUNG: StrandName.BILDUNG,
    Handlungsfeld.AUSBILDUNG: StrandName.BILDUNG,
    Handlungsfeld.ARBEIT: StrandName.ARBEIT,
    Handlungsfeld.LEISTUNGEN: StrandName.RECHTSKREIS,
    Handlungsfeld.WOHNEN: StrandName.WOHNEN,
    Handlungsfeld.GESUNDHEIT: StrandName.FAMILIE,
    Handlungsfeld.FAMILIE: StrandName.FAMILIE,
    Handlungsfeld.SOZIALE_BERATUNG: StrandName.BERATUNG,
    Handlungsfeld.TEILHABE: StrandName.FAMILIE,
    Handlungsfeld.EINBUERGERUNG: StrandName.EINBUERGERUNG,
    Handlungsfeld.FALLSTEUERUNG: StrandName.BERATUNG,
}


def threatens(rule: str, due_on: date | None, as_of: date) -> bool:
    """Say whether a running deadline is worth a warning: near, or one that rules warn of long before."""
    lead = RULES[rule].pattern is Pattern.LEAD_TIME
    return lead or due_on is None or due_on <= as_of + DUE_SOON


def strand_of_field(field: Handlungsfeld) -> StrandName:
    """Return the strand on which a field is drawn."""
    return _STRANDS[field]


def strand_of_gap(interval: Interval, view: View) -> StrandName:
    """Return the strand in which a gap gapes: a handover that follows the Rechtskreis belongs there."""
    trigger = view.by_id(interval.evidence[0]) if interval.evidence else None
    seam = (
        trigger is not None
        and trigger.type == "HandoverOffered"
        and trigger.get("reason") == "rechtskreis"
    )
    return StrandName.RECHTSKREIS if seam else _STRANDS[RULES[interval.rule].field]
