"""What can be known about compose.yaml without a container engine.

Not shown here: that the images can be pulled and built, and that the containers come up together.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from infra.broker.cluster import Cluster
from infra.broker.jars import KAFKA
from kette.__main__ import app
from kette.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
KETTE = [name for name, one in SERVICES.items() if "build" in one]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
ASKED_FOR = "${POSTGRES_PASSWORD:?choose one and write it into .env}"
KEYS_ASKED_FOR = "${KEYS_PASSWORD:?choose another one and write it into .env}"
KEK_DIR = "/var/lib/kette/kek"


def copied_into_the_image() -> Iterator[str]:
    """Yield what .dockerignore lets through."""
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if line.startswith("!"):
            yield line[1:]


def test_every_setting_is_one_that_the_program_knows() -> None:
    known = {f"KETTE_{name.upper()}" for name in Settings.model_fields}
    for name in KETTE:
        given = set(SERVICES[name]["environment"])
        assert given <= known, given - known
        assert {"KETTE_DSN", "KETTE_KEYS_DSN", "KETTE_KEK_DIR", "KETTE_KAFKA"} <= given


def test_every_command_is_one_that_the_program_has() -> None:
    group: Any = get_command(app)
    assert {SERVICES[name]["command"][0] for name in KETTE} == {"serve", "relay"}
    for name in KETTE:
        assert group.get_command(None, SERVICES[name]["command"][0]) is not None


def test_images_are_pinned_and_kafka_is_the_one_that_the_tests_run() -> None:
    images = [one["image"] for one in SERVICES.values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert all(re.search(r":\d+\.\d+", image) for image in images), images
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{KAFKA}"
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {SERVICES[name]["image"] for name in KETTE} == {f"kette:{version}"}


def test_nothing_is_published_beyond_this_machine() -> None:
    for name, one in SERVICES.items():
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", ())), name
        assert (one.get("network_mode") == "host") is (name in KETTE)
    assert Settings.model_fields["host"].default == "127.0.0.1"
    assert not {"KETTE_HOST"} & {word for name in KETTE for word in SERVICES[name]["environment"]}


def test_the_addresses_given_to_kette_are_the_published_ones() -> None:
    published = {name: one["ports"] for name, one in SERVICES.items() if "ports" in one}
    assert published == {
        "postgres": ["127.0.0.1:5432:5432"],
        "keys": ["127.0.0.1:5433:5432"],
        "kafka": ["127.0.0.1:9092:9092"],
    }
    for name in KETTE:
        given = SERVICES[name]["environment"]
        assert given["KETTE_KAFKA"] == "127.0.0.1:9092"
        assert given["KETTE_DSN"] == f"postgresql://kette:{ASKED_FOR}@127.0.0.1:5432/kette"
        keys_dsn = f"postgresql://kette:{KEYS_ASKED_FOR}@127.0.0.1:5433/kette_keys"
        assert given["KETTE_KEYS_DSN"] == keys_dsn
    assert SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].endswith("127.0.0.1:9092")


def test_nobody_starts_before_what_it_needs_is_healthy() -> None:
    needs = {name: set(one.get("depends_on", ())) for name, one in SERVICES.items()}
    assert needs == {
        "postgres": set(),
        "keys": set(),
        "kafka": set(),
        "kette": {"postgres", "keys"},
        "relay": {"kafka", "kette"},
    }
    for one in SERVICES.values():
        for name, condition in one.get("depends_on", {}).items():
            assert condition == {"condition": "service_healthy"}
            assert "healthcheck" in SERVICES[name]


def test_every_volume_is_declared_and_mounted() -> None:
    mounted = {
        volume.split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", ())
    }
    assert mounted == set(COMPOSE["volumes"])


def test_keys_and_journal_share_no_server_and_no_volume() -> None:
    journal, keys = SERVICES["postgres"], SERVICES["keys"]
    assert journal["image"] == keys["image"]
    assert not set(journal["volumes"]) & set(keys["volumes"])
    assert journal["environment"]["POSTGRES_PASSWORD"] == ASKED_FOR
    assert keys["environment"]["POSTGRES_PASSWORD"] == KEYS_ASKED_FOR


def test_the_files_that_wrap_the_keys_lie_in_a_volume_that_only_kette_mounts() -> None:
    mounting = {
        name for name, one in SERVICES.items() if f"kek:{KEK_DIR}" in one.get("volumes", ())
    }
    assert mounting == set(KETTE)
    assert {SERVICES[name]["environment"]["KETTE_KEK_DIR"] for name in KETTE} == {KEK_DIR}
    assert f"--owner=kette --group=kette --mode=0700 {KEK_DIR}" in DOCKERFILE


def test_the_image_gets_every_room_and_every_lock_that_it_installs() -> None:
    copied = set(copied_into_the_image())
    assert all((ROOT / name).exists() for name in copied)
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert set(built["targets"]["wheel"]["packages"]) <= copied
    assert set(re.findall(r"requirements-?\w*\.lock", DOCKERFILE)) <= copied


def test_kafka_starts_with_the_very_settings_of_the_file(
    kafka_cluster: Callable[..., Cluster],
) -> None:
    given = SERVICES["kafka"]["environment"]
    named = {name[6:].lower().replace("_", "."): value for name, value in given.items()}
    assert named.pop("log.dirs") == "/var/lib/kafka/data"
    text = "\n".join(f"{name}={value}" for name, value in named.items())
    moved = text.replace("9092", "$port").replace("9093", "$controller_port")
    properties = dict(line.split("=", 1) for line in moved.splitlines())
    kafka = kafka_cluster(properties=properties)
    assert kafka.nodes[0].ready(1)


@pytest.mark.parametrize("step", ["--require-hashes -r requirements.lock", "--no-deps"])
def test_the_image_is_installed_from_the_locks_alone(step: str) -> None:
    assert step in DOCKERFILE
    installs = re.findall(r"(?:pip install)[^\n&]*", DOCKERFILE)
    assert installs
    assert all("--require-hashes" in one or "--no-deps" in one for one in installs)
