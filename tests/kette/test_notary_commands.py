"""`kette notary` and the notary beside the pages: what is recorded gets signed, what is altered does not."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from infra.notary_store import CHECKPOINT, KEY, PUBLIC_KEY
from infra.notes import VerifierKey, signed_head
from tests.infra.notarial import record, tamper

SECONDS = 30.0


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_once_signs_what_is_recorded(dsn: str, data_dir: Path, without_store) -> None:
    settings = {"KETTE_DSN": dsn, "KETTE_DATA_DIR": data_dir}
    said = without_store("notary", "--once", **settings)
    assert (said.code, said.out) == (0, "nothing is recorded yet\n")
    record(dsn, 20)
    said = without_store("notary", "--once", **settings)
    log = data_dir / "log"
    head = signed_head(
        (log / CHECKPOINT).read_bytes(), VerifierKey.parse((log / PUBLIC_KEY).read_text())
    )
    assert said.out == f"signed 20 events, root {head.root.hex()}\n"
    record(dsn, 5)
    tamper(dsn, "UPDATE kette.events SET leaf = sha256(leaf) WHERE position = 22")
    said = without_store("notary", "--once", **settings)
    assert said.code == 5
    assert "the journal was altered at position 22" in said.err
    (log / KEY).chmod(0o644)
    said = without_store("notary", "--once", **settings)
    assert said.code == 2
    assert "wider than 0400" in said.err


def test_a_new_key_is_taken_only_when_it_is_asked_for(
    dsn: str, data_dir: Path, without_store
) -> None:
    settings = {"KETTE_DSN": dsn, "KETTE_DATA_DIR": data_dir}
    record(dsn, 2)
    without_store("notary", "--once", **settings)
    (data_dir / "log" / KEY).unlink()
    record(dsn, 1)
    assert without_store("notary", "--once", **settings).code == 2
    assert without_store("notary", "--new-key", **settings).code == 0
    assert without_store("notary", "--once", **settings).code == 0


def test_beside_the_pages_it_signs_until_something_was_altered(
    dsn: str, data_dir: Path, tmp_path: Path, started: Callable[..., "subprocess.Popen[str]"]
) -> None:
    record(dsn, 20)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings: dict[str, Any] = {"KETTE_DSN": dsn, "KETTE_DATA_DIR": data_dir}
    complaints = tmp_path / "err"
    with (
        complaints.open("w") as err,
        started("serve", "--port", port, settings=settings, stderr=err) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client,
    ):

        def figure(name: str) -> float:
            try:
                lines = client.get("/metrics").text.splitlines()
            except httpx.TransportError:
                return -1.0
            found = [line.split() for line in lines if line.startswith(f"{name} ")]
            return float(found[0][1]) if found else -1.0

        until(lambda: figure("kette_checkpoint_size") == 20)
        record(dsn, 1_500)
        until(lambda: figure("kette_checkpoint_size") == 1_520)
        assert figure("kette_unsigned_events") == figure("kette_notary_refuses") == 0
        assert "Alle 1.520 Ereignisse" in client.get("/integritaet").text
        record(dsn, 5)
        tamper(
            dsn, "UPDATE kette.events SET ciphertext = ciphertext || '\\x20' WHERE position = 1523"
        )
        until(lambda: figure("kette_notary_refuses") == 1)
        assert figure("kette_checkpoint_size") == 1_520
        assert (
            "Erste Stelle: Ereignis 1.523."
            in client.post("/integritaet", follow_redirects=True).text
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    assert "the notary signs nothing more" in complaints.read_text()
    assert "position 1523" in complaints.read_text()


def test_apart_the_pages_sign_nothing(
    dsn: str, data_dir: Path, started: Callable[..., "subprocess.Popen[str]"]
) -> None:
    record(dsn, 20)
    settings: dict[str, Any] = {"KETTE_DSN": dsn, "KETTE_DATA_DIR": data_dir}
    log = data_dir / "log" / CHECKPOINT
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    pipe = subprocess.PIPE
    pages = settings | {"KETTE_NOTARY": "apart"}
    with started("serve", "--port", port, settings=pages, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(1)
        assert not log.exists()
        with started("notary", settings=settings, stdout=pipe, stderr=pipe) as notary:
            assert notary.stdout is not None
            assert notary.stdout.readline().startswith("signed 20 events")
            notary.send_signal(signal.SIGTERM)
            assert notary.wait(SECONDS) == 0
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)
    assert log.exists()
