"""The normative entry of a rule: the text that its code has to keep, in the form of the start rules.

Where an entry leaves a line out, the general lines hold (``general.md`` beside this file). The reference
is made of these entries, and a second reading of the rules is written from the reference alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """What a rule does, line by line; every line but the trigger and the window may be left to the general ones.

    Attributes:
        trigger: Which facts set it off, and the conditions on them.
        window: First day of the window, last day in time, first day of the gap.
        followed_by: What fulfils it.
        cancelled_by: What ends it otherwise, besides the endings.
        data_row: Which value, when missing, makes a data row instead.
        series: Which instances belong together, and the key of each.
        severity: The severity and its steps.
        consequence: What stays once it has been open.
        law: From and until when the law is so, and what is unverified.
        example: Days worked out, where it is tricky.
        decided: What the documents left open and was decided here, with what it rests on.
    """

    trigger: str
    window: str
    followed_by: str = ""
    cancelled_by: str = ""
    data_row: str = ""
    series: str = ""
    severity: str = ""
    consequence: str = ""
    law: str = ""
    example: str = ""
    decided: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A word that several entries of a field use, and what it means in them."""

    word: str
    meaning: str
