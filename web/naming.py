"""What a journey is called on the pages."""

from projections.worklist import Header
from web.texts import Texts


def title_of(header: Header, texts: Texts) -> str:
    """Return what a journey is called: the name, the case number, or a part of its id."""
    return header.name or header.case_number or texts.say("Verlauf %s") % str(header.journey)[:8]
