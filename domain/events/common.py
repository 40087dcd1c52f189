"""What several facts share: kinds of values, groups of attributes, reasons not to publish.

A value of these kinds may always be ``None``: unknown. Only classes that say something ``about``
themselves are facts; the classes here merely carry attributes.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from domain.fact import Deadline, Fact, Happened, NotPublished, attribute
from domain.fields import Confidence, Handlungsfeld, LegalBasis, Recorder
from domain.vocabulary.case import DataCategory

Flag = bool | None
"""Yes, no, or unknown."""

Code = Annotated[str | None, Field(max_length=200)]
"""A short text: a code, a name of a body, a key."""

Reference = Annotated[str | None, Field(max_length=200)]
"""The id of another fact of the same journey."""

Text = Annotated[str | None, Field(max_length=20_000)]
"""Free text; only notes hold it."""

Count = Annotated[int | None, Field(ge=0, le=100_000)]
"""A whole number."""

Hours = Annotated[float | None, Field(ge=0, le=744, allow_inf_nan=False)]
"""Hours of a week or a month."""

Money = Annotated[Decimal | None, Field(ge=0, max_digits=12, decimal_places=2)]
"""Euros."""

PSEUDONYMOUS_ONLY = NotPublished(
    "outside the first published set: subscribers learn only that the journey advanced"
)
IDENTIFIES = NotPublished("it names the person")
FREE_TEXT = NotPublished("notes are free text and stay with who wrote them")
SENSITIVE = NotPublished("health and family are specially protected (Art. 9 GDPR)")


def recorded_by(*others: Recorder) -> frozenset[Recorder]:
    """Return who may record: the case manager, and these."""
    return frozenset({Recorder.CASE_MANAGER, *others})


class PersonalFact(Fact):
    """A fact of a person's life, which may lie in a household's file."""

    person: Code = attribute(
        "Person", "person", "Wessen Tatsache es ist, wenn die Akte einen Haushalt führt."
    )
    conflict: Happened = attribute(
        "zweites mögliches Datum", "second candidate date", "Wenn die Quelle zwei Daten nennt."
    )
    confidence: dict[str, Confidence] | None = attribute(
        "Sicherheit je Angabe", "confidence per attribute"
    )


class Decision(PersonalFact):
    """A decision has three days: decided (the fact's own day), served, final."""

    served_on: Happened = attribute("zugestellt am", "served on")
    final_on: Deadline = attribute("bestandskräftig am", "final on")


class CaseFact(PersonalFact):
    """A fact of case steering; without ``case_id`` it concerns every case of the journey."""

    case_id: Code = attribute("Fallkennung", "case id")


class Disclosure(CaseFact):
    """Which data went to whom, and on what ground."""

    recipient: Code = attribute("Empfänger", "recipient")
    provider: Code = attribute("Träger", "provider")
    field: Handlungsfeld | None = attribute("Handlungsfeld", "field of action")
    data_categories: tuple[DataCategory, ...] | None = attribute(
        "Datenkategorien", "data categories"
    )
    legal_basis: LegalBasis | None = attribute("Rechtsgrundlage", "legal basis")
    consent_id: Code = attribute("Kennung der Einwilligung", "consent id")
