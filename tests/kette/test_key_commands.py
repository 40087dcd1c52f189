"""`kette keys` as a custodian uses it, on a store of its own."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.kette.conftest import Run


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {"KETTE_DATA_DIR": tmp_path_factory.mktemp("keys") / "data", "KETTE_ACTOR": "anna"}


def test_keys_from_the_first_epoch_to_a_destroyed_journey(
    without_store: Run, store: dict[str, Any], tmp_path: Path
) -> None:
    def kette(*words: str | Path) -> Any:
        return without_store(*words, **store)

    (begun,) = kette("record", "new", "JourneyStarted", "--on", "2024-01-02", "--json").rows
    journey = begun["journey"]
    kette("record", journey, "PersonIdentified", "--on", "2024-01-02", "family_name=Verborgen")
    assert "Personalien" in kette("events", journey).out
    (first,) = kette("keys", "status", "--json").rows
    assert (first["epoch"], first["keys"], first["retired_at"]) == (1, 5, None)

    assert kette("keys", "backup", tmp_path / "backups").code == 0
    (made,) = (tmp_path / "backups").iterdir()
    assert (made / "postgres" / "PG_VERSION").exists()
    rotated = kette("keys", "rotate")
    assert "epoch 2 wraps from now on; 4 keys were wrapped anew" in rotated.out
    early = kette("keys", "destroy-epoch", "1")
    assert early.code == 3
    assert "--now" in early.err
    assert kette("keys", "destroy-epoch", "1", "--now").code == 0
    assert kette("keys", "destroy-epoch", "2", "--now").code == 3
    assert "Personalien" in kette("events", journey).out

    out = tmp_path / "released.json"
    assert kette("keys", "release", journey, "--out", out).code == 0
    released = json.loads(out.read_text("utf-8"))
    assert {one["class"] for one in released["keys"]} == {"base", "identity", "sensitive", "notes"}
    assert out.stat().st_mode & 0o777 == 0o600
    assert kette("keys", "release", journey, "--out", out).code == 2

    assert kette("keys", "destroy", journey).code == 3
    assert kette("keys", "destroy", journey, "--yes").code == 0
    assert kette("keys", "destroy", journey, "--yes").code == 0, "what it left undone is done"
    assert kette("keys", "destroy", str(uuid4()), "--yes").code == 4
    assert "Personalien" not in kette("events", journey).out
    assert "destroyed keys: 4" in kette("keys", "status").out
    refused = kette("record", journey, "ContactHeld", "--on", "2024-01-03")
    assert refused.code == 3
    assert "erased" in refused.err
