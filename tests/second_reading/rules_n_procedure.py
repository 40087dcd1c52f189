"""The procedure of naturalisation: N04 to N08, N10."""

from dataclasses import dataclass
from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    before,
    facts_after,
    facts_before,
    later,
    of,
    plus_days,
    row_of_missing_end,
    settle,
    since,
    window_of_lead,
)
from tests.second_reading.rules_start_titles import begins_of_lead, superseded_after
from tests.second_reading.titles import (
    Title,
    by_end,
    counting_applications,
    losses,
    newer_titles,
    title_of,
)

ENDS = ("NaturalisationRefused", "NaturalisationWithdrawn", "NaturalisationCertificateHandedOver")
DECIDED = ("NaturalisationApproved", "NaturalisationRefused", "NaturalisationAssuranceGranted")
SIGNS_OF_LIFE = (
    *("NaturalisationDocumentsRequested", "NaturalisationHearingLetter"),
    *("SecurityCheckCompleted", "NaturalisationSuspended", *DECIDED),
    "NaturalisationCertificateHandedOver",
)


@dataclass(frozen=True)
class Procedure:
    """An application for naturalisation and what ends it."""

    application: Told
    end: Told | None

    def pending(self, day: date) -> bool:
        return self.application.latest <= day and (self.end is None or day < self.end.latest)

    def has(self, fact: Told) -> bool:
        """In the order of G3."""
        begun = before(self.application, fact)
        return begun and (self.end is None or before(fact, self.end))


def procedures(view: View) -> list[Procedure]:
    found: list[Procedure] = []
    running: Told | None = None
    for fact in of(view, "NaturalisationApplied", *ENDS):
        if fact.type == "NaturalisationApplied":
            running = running or fact
        elif running is not None:
            found.append(Procedure(running, fact))
            running = None
    return found if running is None else [*found, Procedure(running, None)]


# N04


def n04(view: View) -> list[Row]:
    rows: list[Row] = []
    for procedure in procedures(view):
        rows += _three_months(view, procedure.application)
        for trigger in [procedure.application, *_turns_of_the_office(view, procedure)]:
            rows += _no_sign_of_life(view, procedure.application, trigger)
    return rows


def _three_months(view: View, application: Told) -> list[Row]:
    action = [
        one
        for one in since(view, application, "AppealFiled")
        if one.get("kind") == "untaetigkeit"
        and one.get("against") in (None, "NaturalisationApplied", application.id)
    ]
    decided = since(view, application, *DECIDED, "NaturalisationCertificateHandedOver")
    return settle(
        "N04",
        view,
        application,
        application.latest,
        later(application.latest, "N04.months"),
        key=f"{application.id}+three_months",
        followed=[*decided, *action],
        cancelled=since(view, application, "NaturalisationWithdrawn", "NaturalisationSuspended"),
    )


def _turns_of_the_office(view: View, procedure: Procedure) -> View:
    found: View = []
    for fact in view:
        if not procedure.has(fact):
            continue
        if fact.type == "NaturalisationApproved":
            break
        if fact.type in ("NaturalisationHearingLetter", "SecurityCheckCompleted"):
            found.append(fact)
        if fact.type == "NaturalisationDocumentsProvided" and _answers_request(
            view, procedure, fact
        ):
            found.append(fact)
    return found


def _answers_request(view: View, procedure: Procedure, provided: Told) -> bool:
    """The latest sign of life of the procedure is a request, and nothing was provided since."""
    told = facts_before(view, provided, *SIGNS_OF_LIFE, "NaturalisationDocumentsProvided")
    told = [one for one in told if procedure.has(one)]
    return bool(told) and told[-1].type == "NaturalisationDocumentsRequested"


def _no_sign_of_life(view: View, application: Told, trigger: Told) -> list[Row]:
    signs = since(view, application, *SIGNS_OF_LIFE)
    if trigger is not application:
        signs = facts_after(view, trigger, *SIGNS_OF_LIFE)
    return settle(
        "N04",
        view,
        trigger,
        trigger.latest,
        later(trigger.latest, "N04.silence"),
        key=f"{trigger.id}+no_sign_of_life",
        followed=signs,
        cancelled=since(view, trigger, "NaturalisationWithdrawn"),
    )


# N05, N06


def _may_be_the_same(one: Told, other: Told) -> bool:
    """One of the items in common, or either side names none."""
    items, others = one.get("items") or (), other.get("items") or ()
    return not items or not others or bool(set(items) & set(others))


def n05(view: View) -> list[Row]:
    rows: list[Row] = []
    requests = of(view, "NaturalisationDocumentsRequested")
    for trigger in requests:
        provided = since(view, trigger, "NaturalisationDocumentsProvided")
        rows += settle(
            "N05",
            view,
            trigger,
            trigger.latest,
            trigger.day("due") or later(trigger.latest, "N05.response"),
            followed=[one for one in provided if _may_be_the_same(trigger, one)],
            cancelled=since(view, trigger, *DECIDED, "NaturalisationWithdrawn"),
            superseded=[
                one for one in facts_after(requests, trigger) if _may_be_the_same(trigger, one)
            ],
        )
    return rows


def n06(view: View) -> list[Row]:
    rows: list[Row] = []
    approvals = of(view, "NaturalisationApproved")
    for trigger in approvals:
        rows += settle(
            "N06",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "N06.response"),
            followed=since(view, trigger, "NaturalisationCertificateHandedOver"),
            cancelled=since(
                view,
                trigger,
                *("NaturalisationRefused", "NaturalisationWithdrawn", "NaturalisationReversed"),
            ),
            superseded=facts_after(approvals, trigger),
        )
    return rows


# N07


def n07(view: View) -> list[Row]:
    titles = [title_of(view, grant) for grant in of(view, "TitleGranted")]
    rows: list[Row] = []
    for title in titles:
        if not title.permanent and title.grant.basis != "24" and title.end is not None:
            for procedure in procedures(view):
                rows += _n07_of(view, title, procedure)
    return rows


def _n07_of(view: View, title: Title, procedure: Procedure) -> list[Row]:
    assert title.end is not None
    end = title.end.latest
    begins = begins_of_lead(title, title.end, title.old_end, "N07.lead")
    if begins is None:
        return []
    first = max(begins, procedure.application.latest)
    if first > end or not procedure.pending(first):
        return []
    applications = [one for one in counting_applications(view, title) if by_end(one, end)]
    lost = [one for one in losses(view, title.grant) if by_end(one, end)]
    rows = settle(
        "N07",
        view,
        title.grant,
        first,
        end,
        key=f"{title.grant.id}+{procedure.application.id}",
        followed=[*applications, *newer_titles(view, title.grant)],
        cancelled=[*lost, *([] if procedure.end is None else [procedure.end])],
    )
    return [superseded_after(row, plus_days(end, 1)) for row in rows]


# N08


def means_need(rechtskreis: str | None) -> bool:
    return rechtskreis is not None and (
        rechtskreis in ("SGB_II", "BSHG") or rechtskreis.startswith(("SGB_XII", "ASYLBLG_"))
    )


def _tells_loss(fact: Told) -> bool:
    return fact.type == "LivelihoodLost" or (
        fact.type == "BenefitGranted" and means_need(fact.get("rechtskreis"))
    )


def _is_secured(fact: Told) -> bool:
    return fact.type == "LivelihoodSecured" and fact.get("degree") in ("full", None)


def _undoes_loss(fact: Told) -> bool:
    rechtskreis = fact.get("rechtskreis")
    return _is_secured(fact) or (
        fact.type == "BenefitEnded" and (rechtskreis is None or means_need(rechtskreis))
    )


def _procedure_on(view: View, day: date) -> Procedure | None:
    return next((one for one in procedures(view) if one.pending(day)), None)


def _is_known_already(view: View, loss: Told, procedure: Procedure) -> bool:
    earlier = [
        one
        for one in facts_before(view, loss)
        if _tells_loss(one) and _procedure_on(view, one.latest)
    ]
    if not earlier or not procedure.pending(earlier[-1].latest):
        return False
    between = [one for one in facts_after(view, earlier[-1]) if before(one, loss)]
    return not any(_undoes_loss(one) for one in between)


def n08(view: View) -> list[Row]:
    triggers: list[tuple[Told, Procedure]] = []
    for fact in view:
        procedure = _procedure_on(view, fact.latest) if _tells_loss(fact) else None
        if procedure is not None and not _is_known_already(view, fact, procedure):
            triggers.append((fact, procedure))
    rows: list[Row] = []
    for trigger, procedure in triggers:
        contacts = since(view, trigger, "ContactHeld")
        secured = [one for one in since(view, trigger) if _is_secured(one)]
        rows += settle(
            "N08",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "N08.response"),
            followed=[one for one in contacts if one.get("no_show") is not True],
            cancelled=[*secured, *([] if procedure.end is None else [procedure.end])],
            superseded=[one for one, _ in triggers if before(trigger, one)],
        )
    return rows


# N10


def n10(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "NaturalisationAssuranceGranted"):
        followed = [
            *since(view, trigger, "NaturalisationApproved", "NaturalisationCertificateHandedOver"),
            *facts_after(view, trigger, "NaturalisationAssuranceGranted"),
        ]
        cancelled = since(view, trigger, "NaturalisationRefused", "NaturalisationWithdrawn")
        end = trigger.days("valid_until")
        if end is None:
            rows += row_of_missing_end("N10", view, trigger, followed=followed, cancelled=cancelled)
            continue
        begins = window_of_lead(trigger, end, "N10.lead", own_end=True)
        rows += settle(
            "N10", view, trigger, begins, end.latest, followed=followed, cancelled=cancelled
        )
    return rows


READERS = {"N04": n04, "N05": n05, "N06": n06, "N07": n07, "N08": n08, "N10": n10}
