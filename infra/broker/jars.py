"""The jars of Apache Kafka: fetched once by Maven, checked against ``jars.sha256``, kept in a cache.

The cache is ``~/.cache/kette/kafka-4.3.1`` (``XDG_CACHE_HOME`` counts; ``KETTE_KAFKA_CACHE`` names another
folder). It appears whole or not at all; who fetches at the same time waits.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.broker.errors import BrokerError
from infra.broker.java import provided_java

KAFKA = "4.3.1"
_HERE = Path(__file__).parent
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def cache() -> Path:
    """Return the folder of the jars."""
    if named := os.environ.get("KETTE_KAFKA_CACHE"):
        return Path(named).expanduser().absolute()
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "kette" / f"kafka-{KAFKA}"


def class_path() -> str:
    """Return the jars as Java wants them.

    Raises:
        BrokerError: If they were not fetched yet.
    """
    folder = cache()
    places = [folder / name for name in _digests()]
    missing = [place.name for place in places if not place.exists()]
    if missing:
        raise BrokerError(
            f"Kafka is not in {folder} ({missing[0]} is missing); `python -m infra.broker fetch` brings it"
        )
    return os.pathsep.join(map(str, places))


def fetch() -> Path:
    """Bring the jars into the cache unless they are there; return the folder.

    Raises:
        BrokerError: If Maven is missing or fails, or a jar is not the one that is expected.
    """
    folder = cache()
    with _alone(folder):
        if not folder.exists():
            _fetch_into(folder)
        _verify(folder, f"remove {folder} and fetch again")
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time look after the folder."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = (folder.parent / f".{folder.name}.lock").open("ab")
    except OSError as error:
        raise BrokerError(
            f"cannot write to {folder.parent} ({error.strerror}); KETTE_KAFKA_CACHE names another folder"
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch_into(folder: Path) -> None:
    """Fetch into a folder beside, and rename it only when every jar is right."""
    beside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        _copy_dependencies(beside)
        _verify(beside, "remove it from Maven's own repository (~/.m2/repository) and fetch again")
        beside.chmod(0o755)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _copy_dependencies(into: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise BrokerError(
            "Kafka is fetched by Maven, which is missing: install it (Debian: apt-get install maven)"
        )
    command = [maven, "-B", "-q", "-f", str(_HERE / "pom.xml"), _PLUGIN]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={into}"]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = " / ".join((done.stdout + done.stderr).strip().splitlines()[:3])
        raise BrokerError(f"Maven could not fetch Kafka; is the network there? It said: {last}")


def _environment() -> dict[str, str]:
    """Return the environment of Maven, with a Java where none is on the path."""
    if shutil.which("java"):
        return dict(os.environ)
    return os.environ | {"JAVA_HOME": str(provided_java().parents[1])}


def _verify(folder: Path, cure: str) -> None:
    for name, digest in _digests().items():
        place = folder / name
        if not place.exists():
            raise BrokerError(f"{name} is missing in {folder}: {cure}")
        if hashlib.sha256(place.read_bytes()).hexdigest() != digest:
            raise BrokerError(f"{name} is not the jar that is expected (SHA-256 differs): {cure}")


def _digests() -> dict[str, str]:
    """Return the SHA-256 of every jar by its name."""
    lines = (_HERE / "jars.sha256").read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}
