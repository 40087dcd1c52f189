"""The few ways to say no.

Every error carries a slug (``code``) that texts and HTTP answers are chosen by, and a sentence that
names the place and the cure. It never carries a value of class identity, sensitive or notes.
"""


class KetteError(Exception):
    """Something that a caller can be told about: a slug and a sentence."""

    code = "error"


class UnreadableDateError(KetteError, ValueError):
    """A text is neither a day, a month nor a year."""

    code = "unreadable-date"


class UnknownFactTypeError(KetteError):
    """No fact class has this name."""

    code = "unknown-fact-type"


class InvalidFactError(KetteError):
    """A fact has an attribute that its type does not have, or a value that does not fit."""

    code = "invalid-fact"


class UnknownRuleError(KetteError):
    """No gap rule has this id."""

    code = "unknown-rule"


class CommandRefusedError(KetteError):
    """A rule of the journal forbids the command; ``code`` says which one."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class UnknownJourneyError(KetteError):
    """No journey has this id."""

    code = "unknown-journey"


class StreamMovedError(KetteError):
    """Somebody else appended to the journey first, and did so again on every attempt."""

    code = "stream-moved"


class CommandIdReusedError(KetteError):
    """A command id came twice with different bodies."""

    code = "command-id-reused"


class UnreadableRecordError(KetteError):
    """A stored record cannot be read with this program's fact registry."""

    code = "unreadable-record"


class UnfitRecordError(UnreadableRecordError):
    """What is stored was opened, but no form that this program knows fits it."""


class JournalCorruptError(KetteError):
    """The journal has a hole or a broken digest: this cannot happen by use, only by damage."""

    code = "journal-corrupt"
