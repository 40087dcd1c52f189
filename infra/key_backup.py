"""Backups of the key store: kept for seven days, and useless without the files of the epochs."""

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from infra.backup import copy_cluster
from infra.errors import BackupError

KEPT_DAYS = 7
_FORM = "keys-%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"keys-\d{8}T\d{6}Z(\.partial)?", re.ASCII)


def back_up_keys(dsn: str, folder: Path, now: datetime) -> tuple[Path, int]:
    """Copy the key store's cluster into a new folder of a folder; remove those that are too old.

    Returns:
        The new backup, and how many were removed.

    Raises:
        BackupError: If it cannot be written, or does not verify; then none is removed.
    """
    made = folder / now.strftime(_FORM)
    half_made = made.with_name(f"{made.name}.partial")
    try:
        if made.exists():
            raise BackupError(f"{made} exists already: wait a second")
        half_made.mkdir(parents=True, mode=0o700)
        copy_cluster(dsn, half_made / "postgres")
        half_made.replace(made)
        old = [one for one in sorted(folder.iterdir()) if _is_old(one.name, now)]
        for one in old:
            shutil.rmtree(one)
    except OSError as error:
        raise BackupError(f"cannot write {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(half_made, ignore_errors=True)
    return made, len(old)


def _is_old(name: str, now: datetime) -> bool:
    if not _NAME.fullmatch(name):
        return False
    made_at = datetime.strptime(name.removesuffix(".partial"), _FORM).replace(tzinfo=now.tzinfo)
    return now - made_at > timedelta(days=KEPT_DAYS)
