"""The page that says whether anything was altered, the published log, and the proof of one journey."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from domain.integrity import Flaw
from infra.integrity import Integrity
from infra.merkle import includes, leaf_hash
from infra.notary_store import CHECKPOINT, KEY, PUBLIC_KEY
from infra.notes import VerifierKey, signed_head
from infra.witness import Witness, reader_of
from tests.infra.notarial import record, signed, tamper
from tests.infra.test_notary import TAMPERINGS, rewrite
from web.app import create_app

JOURNEY = UUID(int=1)
Client = Callable[..., httpx.Client]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def client(ports, dsn: str, log: Path, serving) -> Iterator[Client]:
    """Return what asks the pages over a journal of this test."""
    with ExitStack() as stack:

        def made(*witnesses: VerifierKey) -> httpx.Client:
            integrity = Integrity(dsn, log, witnesses)
            url = stack.enter_context(serving(create_app(replace(ports[0], integrity=integrity))))
            return stack.enter_context(httpx.Client(base_url=url, follow_redirects=True))

        yield made


def test_an_empty_journal_is_whole(client: Client) -> None:
    page = client().get("/integritaet")
    assert page.status_code == 200
    assert "Es ist noch nichts erfasst." in page.text
    assert "Noch ist nichts unterschrieben." in page.text


def test_the_page_says_what_was_computed_and_what_was_signed(
    client: Client, dsn: str, log: Path
) -> None:
    record(dsn, 15)
    signed(dsn, log)
    record(dsn, 300)
    signed(dsn, log)
    record(dsn, 3)
    page = client().get("/integritaet").text
    key = (log / PUBLIC_KEY).read_text().strip()
    root = signed_head((log / CHECKPOINT).read_bytes(), VerifierKey.parse(key)).root.hex()
    assert "Alle 318 Ereignisse sind so, wie sie erfasst wurden." in page
    assert page.count(root) == 2, "computed anew and signed"
    assert "315, 3 noch nicht unterschrieben" in page
    assert key in page
    assert "All 318 events are as they were recorded." in client().get("/integritaet?lang=en").text


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_altered_is_found(dsn: str, log: Path, name: str) -> None:
    statements, flaw, position = TAMPERINGS[name]
    record(dsn, 15)
    signed(dsn, log)
    integrity = Integrity(dsn, log)
    assert integrity.check().broken is None
    tamper(dsn, *statements)
    found = integrity.check(anew=True).broken
    assert found is not None
    assert (found.flaw, found.position) == (flaw, position)


@pytest.mark.parametrize("name", ["payloads swapped", "rows swapped", "deleted"])
def test_the_page_is_red_and_names_what_was_altered(
    client: Client, dsn: str, log: Path, name: str
) -> None:
    statements, flaw, position = TAMPERINGS[name]
    record(dsn, 15)
    signed(dsn, log)
    asking = client()
    assert "Alle 15 Ereignisse" in asking.get("/integritaet").text
    tamper(dsn, *statements)
    page = asking.post("/integritaet").text
    assert "kern-alert--danger" in page
    assert f"Das Journal wurde verändert. Erste Stelle: Ereignis {position}." in page
    assert "<dt>Prüfpunkte verglichen</dt><dd>0</dd>" in page
    assert "Alle 15" not in page
    assert (f"/verlauf/{UUID(int=2)}" in page) is (flaw is not Flaw.MISSING)


@pytest.mark.parametrize("begin", [1, 6, 15])
def test_a_suffix_written_anew_is_named_by_its_first_event(
    client: Client, dsn: str, log: Path, begin: int
) -> None:
    record(dsn, 15)
    signed(dsn, log)
    rewrite(dsn, begin)
    page = client().get("/integritaet").text
    assert f"Erste Stelle: Ereignis {begin}." in page
    assert "nicht das, das unterschrieben wurde" in page


def test_a_suffix_written_anew_with_its_checkpoints_is_named_as_well(
    client: Client, dsn: str, log: Path, tmp_path: Path
) -> None:
    record(dsn, 15)
    signed(dsn, log)
    rewrite(dsn, 6)
    tamper(dsn, "DELETE FROM kette.checkpoints")
    assert signed(dsn, tmp_path / "forged") == 15, "with a key of the forger's own"
    page = client().get("/integritaet").text
    assert "Erste Stelle: Ereignis 6." in page


def test_a_lost_tile_folder_does_not_hide_that_a_suffix_was_written_anew(
    client: Client, dsn: str, log: Path
) -> None:
    record(dsn, 15)
    signed(dsn, log)
    rewrite(dsn, 6)
    for tile in (log / "tile").rglob("*"):
        if tile.is_file():
            tile.unlink()
    page = client().get("/integritaet").text
    assert "Ab hier sind die Ereignisse nicht die, die unterschrieben wurden." in page


def test_a_checkpoint_that_was_changed_is_named(client: Client, dsn: str, log: Path) -> None:
    record(dsn, 15)
    signed(dsn, log)
    tamper(
        dsn,
        "UPDATE kette.checkpoints SET note = replace(convert_from(note, 'UTF8'), '15', '14')::bytea",
    )
    assert "nicht der, den der Notar unterschrieben hat" in client().get("/integritaet").text


def test_a_blanked_payload_is_no_break(client: Client, dsn: str, log: Path) -> None:
    record(dsn, 15)
    signed(dsn, log)
    tamper(dsn, "UPDATE kette.events SET ciphertext = NULL WHERE position = 6")
    asking = client()
    assert "Alle 15 Ereignisse" in asking.get("/integritaet").text
    pack = asking.get(f"/verlauf/{UUID(int=2)}/nachweis").json()
    assert pack["events"][0]["ciphertext"] is None


def test_a_notary_that_stopped_is_said(client: Client, dsn: str, log: Path) -> None:
    record(dsn, 15)
    signed(dsn, log)
    record(dsn, 5)
    tamper(dsn, "UPDATE kette.events SET leaf = sha256(leaf) WHERE position = 18")
    with pytest.raises(Exception, match="position 18"):
        signed(dsn, log)
    page = client().get("/integritaet").text
    assert "Der Notar unterschreibt nicht mehr" in page
    assert "position 18" in page


def test_the_last_cosignature_of_a_known_witness_is_shown(
    client: Client, dsn: str, log: Path, tmp_path: Path
) -> None:
    record(dsn, 15)
    signed(dsn, log)
    key = VerifierKey.parse((log / PUBLIC_KEY).read_text())
    witness = Witness(tmp_path / "seen", key, "dsb.example/zeuge")
    _, note = witness.cosign(reader_of(str(log)), 1_700_000_000)
    (log / "witness").mkdir()
    (log / "witness" / "dsb").write_bytes(bytes(note))
    assert "Kein Zeuge" in client().get("/integritaet").text, "nobody has named it here"
    page = client(witness.key).get("/integritaet").text
    assert "dsb.example/zeuge" in page
    assert "14.11.2023, 23:13:20" in page


def test_the_proof_of_a_journey_verifies(client: Client, dsn: str, log: Path) -> None:
    record(dsn, 400)
    signed(dsn, log)
    answer = client().get(f"/verlauf/{JOURNEY}/nachweis")
    assert (
        answer.headers["content-disposition"] == f'attachment; filename="nachweis-{JOURNEY}.json"'
    )
    pack = answer.json()
    assert list(pack) == ["format", "journey", "checkpoint", "key", "events"]
    head = signed_head(pack["checkpoint"].encode(), VerifierKey.parse(pack["key"]))
    for version, event in enumerate(pack["events"], start=1):
        header, proof = (
            base64.b64decode(event["header"]),
            [base64.b64decode(one) for one in event["proof"]],
        )
        index = int.from_bytes(header[33:41], "big") - 1
        assert int.from_bytes(header[57:65], "big") == version
        assert includes(head.root, head.size, leaf_hash(header), index, proof)


def test_no_proof_is_given_of_what_is_not_signed_yet_or_not_there(
    client: Client, dsn: str, log: Path
) -> None:
    record(dsn, 3)
    asking = client()
    early = asking.get(f"/verlauf/{JOURNEY}/nachweis")
    assert early.status_code == 503
    assert "noch nicht unterschrieben" in early.text
    assert asking.get(f"/verlauf/{UUID(int=77)}/nachweis").status_code == 404
    assert asking.get("/nachweis?verlauf=quatsch").status_code == 404
    signed(dsn, log)
    asked = asking.get(f"/nachweis?verlauf={JOURNEY}")
    assert json.loads(asked.text)["journey"] == str(JOURNEY)


def test_no_proof_is_given_that_does_not_verify(client: Client, dsn: str, log: Path) -> None:
    record(dsn, 15)
    signed(dsn, log)
    tamper(dsn, *TAMPERINGS["header"][0])
    assert TAMPERINGS["header"][1] is Flaw.LEAF
    assert client().get(f"/verlauf/{UUID(int=2)}/nachweis").status_code == 500


@pytest.mark.parametrize(
    "path",
    [
        KEY, PUBLIC_KEY, "", "tile", "tile/0/../../notary.key", "tile/0/%2e%2e/%2e%2e/notary.key",
        "tile/0/000/../../../notary.key", "tile/0/009", "tile/0/000.p/0x", "witness/dsb", "//etc/passwd",
    ],
)  # fmt: skip
def test_nothing_but_the_checkpoint_and_tiles_is_published(
    client: Client, dsn: str, log: Path, path: str
) -> None:
    record(dsn, 3)
    signed(dsn, log)
    assert client().get(f"/log/{path}").status_code == 404


def test_the_log_is_published_so_that_a_witness_elsewhere_reads_it(
    client: Client, dsn: str, log: Path, tmp_path: Path, serving, ports
) -> None:
    record(dsn, 300)
    signed(dsn, log)
    key = VerifierKey.parse((log / PUBLIC_KEY).read_text())
    with serving(create_app(replace(ports[0], integrity=Integrity(dsn, log)))) as url:
        tile = httpx.get(f"{url}/log/tile/0/000")
        assert (tile.headers["content-type"], len(tile.content)) == (
            "application/octet-stream",
            8192,
        )
        assert "immutable" in tile.headers["cache-control"]
        note = httpx.get(f"{url}/log/checkpoint")
        assert note.headers["content-type"] == "text/plain; charset=utf-8"
        witness = Witness(tmp_path / "seen", key, "zeuge")
        head, _ = witness.cosign(reader_of(f"{url}/log"), 1)
        assert head.size == 300
        record(dsn, 700)
        signed(dsn, log)
        head, _ = witness.cosign(reader_of(f"{url}/log"), 2)
        assert head.size == 1_000
