"""Whether anything was altered: all events compared anew, what was signed of them, and proofs to take away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from types import MappingProxyType
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.chain.calendar import BERLIN
from domain.errors import UnknownJourneyError
from domain.integrity import Broken, Flaw, Standing
from web.pages import page, ports_of, texts_of
from web.texts import Texts, marked

router = APIRouter(include_in_schema=False)

_LATE = timedelta(seconds=60)
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_SENTENCES: Mapping[Flaw, str] = MappingProxyType(
    {
        Flaw.MISSING: marked("Das Ereignis fehlt."),
        Flaw.EXTRA: marked("Hier steht eine Zeile, die nie erfasst wurde."),
        Flaw.HEADER: marked("Der Kopf des Ereignisses ist nicht lesbar."),
        Flaw.COLUMNS: marked(
            "Der Kopf gehört zu einer anderen Stelle als die Zeile, in der er steht."
        ),
        Flaw.LEAF: marked("Die Prüfsumme passt nicht zum Kopf des Ereignisses."),
        Flaw.DIGEST: marked("Der Inhalt ist nicht der, der erfasst wurde."),
        Flaw.LINK: marked("Das Ereignis schließt nicht an das vorige seines Verlaufs an."),
        Flaw.ORDER: marked("Das Ereignis ist früher erfasst als das vor ihm."),
        Flaw.SIGNED: marked("Das Ereignis ist nicht das, das unterschrieben wurde."),
        Flaw.ROOT: marked("Ab hier sind die Ereignisse nicht die, die unterschrieben wurden."),
        Flaw.TILE: marked(
            "Die Ereignisse sind unverändert, aber eine Datei des Baumes ist beschädigt. Sie wird neu gebildet, wenn der Ordner log/tile entfernt ist."
        ),
        Flaw.NOTE: marked(
            "Der Prüfpunkt mit so vielen Ereignissen ist nicht der, den der Notar unterschrieben hat."
        ),
        Flaw.SET_BACK: marked("Die Datenbank wurde hinter diesen Prüfpunkt zurückgesetzt."),
    }
)


@dataclass(frozen=True, slots=True)
class Break:
    """What is wrong, in words.

    Attributes:
        journey: Whose event it is; empty if that cannot be said.
    """

    number: str
    sentence: str
    journey: str


@dataclass(frozen=True, slots=True)
class Signed:
    """The newest checkpoint, in words."""

    size: str
    root: str
    at: str
    age: str


@router.get("/integritaet")
def show(request: Request) -> HTMLResponse:
    """Show whether the journal is as it was written; everything is compared anew unless that was just done."""
    ports, texts = ports_of(request), texts_of(request)
    check, standing, now = ports.integrity.check(), ports.integrity.standing(), ports.now()
    return page(
        request,
        "integrity.html",
        check=check,
        broken=None if check.broken is None else _break(check.broken, texts),
        began=moment(check.at, texts),
        took=_seconds(check.seconds, texts),
        standing=standing,
        signed=_signed(standing, now, texts),
        refused=None if standing.refusal is None else moment(standing.refusal.at, texts),
        late=_waits(standing, now),
        cosignatures=[
            (one.witness, texts.number(one.size), moment(one.at, texts))
            for one in standing.cosignatures
        ],
    )


@router.post("/integritaet")
def check_anew(request: Request) -> RedirectResponse:
    """Compare everything once more."""
    ports_of(request).integrity.check(anew=True)
    return RedirectResponse("/integritaet", HTTPStatus.SEE_OTHER)


@router.get("/verlauf/{journey}/nachweis")
def proof(request: Request, journey: UUID) -> Response:
    """Hand out the proof of one journey."""
    return Response(
        ports_of(request).integrity.proof(journey),
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="nachweis-{journey}.json"'},
    )


@router.get("/nachweis")
def asked_proof(verlauf: str = "") -> RedirectResponse:
    """Lead to the proof of the journey whose id was typed.

    Raises:
        UnknownJourneyError: If it is no id.
    """
    try:
        journey = UUID(verlauf.strip())
    except ValueError:
        raise UnknownJourneyError("no journey has this id") from None
    return RedirectResponse(f"/verlauf/{journey}/nachweis", HTTPStatus.SEE_OTHER)


@router.get("/log/{path:path}")
def published(request: Request, path: str) -> Response:
    """Hand out the newest checkpoint and the tiles, as C2SP tlog-tiles publishes them."""
    found = ports_of(request).integrity.published(path)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    if path == "checkpoint":
        return Response(found, media_type="text/plain; charset=utf-8")
    return Response(found, media_type="application/octet-stream", headers=_FOR_EVER)


def moment(at: datetime, texts: Texts) -> str:
    """Return day and time in Berlin."""
    local = at.astimezone(BERLIN)
    return f"{texts.day(local.date())}, {local:%H:%M:%S}"


def _break(broken: Broken, texts: Texts) -> Break:
    journey = "" if broken.journey is None else str(broken.journey)
    return Break(texts.number(broken.position), texts.say(_SENTENCES[broken.flaw]), journey)


def _signed(standing: Standing, now: datetime, texts: Texts) -> Signed | None:
    made = standing.checkpoint
    if made is None:
        return None
    age = max(now - made.signed_at, timedelta())
    return Signed(
        texts.number(made.size), made.root.hex(), moment(made.signed_at, texts), _ago(age, texts)
    )


def _ago(age: timedelta, texts: Texts) -> str:
    """Return how long ago something was."""
    seconds = int(age.total_seconds())
    if seconds < 120:
        return texts.count("vor %d Sekunde", "vor %d Sekunden", seconds)
    if seconds < 7_200:
        return texts.count("vor %d Minute", "vor %d Minuten", seconds // 60)
    if age.days < 2:
        return texts.count("vor %d Stunde", "vor %d Stunden", seconds // 3_600)
    return texts.count("vor %d Tag", "vor %d Tagen", age.days)


def _seconds(seconds: float, texts: Texts) -> str:
    told = f"{seconds:.1f}"
    return told.replace(".", ",") if texts.language == "de" else told


def _waits(standing: Standing, now: datetime) -> bool:
    """Say whether an event has waited for the notary longer than it may."""
    return standing.unsigned_since is not None and now - standing.unsigned_since > _LATE
