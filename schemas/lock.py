"""``python -m schemas.lock``: publish new schema files; what is published is never changed."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from domain.errors import KetteError
from schemas.files import FOLDER, LOCK, Locked, SchemaFile, read_lock, schema_files


class SchemaLockError(KetteError):
    """A published schema is not as it was published, or a schema file is not published."""

    code = "schema-lock"


def locked(
    files: tuple[SchemaFile, ...], lock: Mapping[str, tuple[Locked, ...]]
) -> tuple[tuple[SchemaFile, Locked], ...]:
    """Return every schema file with what the lock says of it.

    Raises:
        SchemaLockError: If a file was changed, is missing or is not published yet.
    """
    published = {(name, one.version): one for name, of in lock.items() for one in of}
    present = {(one.name, one.version): one for one in files}
    for name, version in published.keys() - present.keys():
        raise SchemaLockError(
            f"schemas/{name} version {version} is published but its file is gone; restore it"
        )
    for one in files:
        _check(one, published.get((one.name, one.version)))
    return tuple((one, published[one.name, one.version]) for one in files)


def _check(file: SchemaFile, known: Locked | None) -> None:
    if known is None:
        raise SchemaLockError(
            f"schemas/{file.file_name} is not published; run `python -m schemas.lock`"
        )
    if (known.fingerprint, known.digest) != (file.fingerprint, file.digest):
        raise SchemaLockError(
            f"schemas/{file.file_name} is not what was published; restore it and write the change "
            f"into a new file schemas/{file.name}.{file.version + 1}.avsc"
        )


def publish(folder: Path = FOLDER, lock_file: Path = LOCK) -> tuple[SchemaFile, ...]:
    """Add the schema files that are not published yet to the lock and return them.

    Raises:
        SchemaLockError: If a published file was changed or is missing, or a version was left out.
    """
    lock = dict(read_lock(lock_file))
    files = schema_files(folder)
    new = tuple(
        one for one in files if one.version not in {old.version for old in lock.get(one.name, ())}
    )
    locked(tuple(one for one in files if one not in new), lock)
    last = max((one.id for versions in lock.values() for one in versions), default=0)
    for number, one in enumerate(new, last + 1):
        before = lock.get(one.name, ())
        if one.version != len(before) + 1:
            raise SchemaLockError(
                f"schemas/{one.file_name}: the next version of {one.name} is {len(before) + 1}"
            )
        lock[one.name] = (*before, Locked(one.version, one.fingerprint, one.digest, number))
    if new:
        lock_file.write_text(_text(lock), encoding="utf-8")
    return new


def _text(lock: Mapping[str, tuple[Locked, ...]]) -> str:
    plain = {name: [asdict(one) for one in lock[name]] for name in sorted(lock)}
    return json.dumps(plain, indent=2) + "\n"


def main() -> None:
    """Publish what is new and say so."""
    try:
        new = publish()
    except SchemaLockError as error:
        sys.exit(str(error))
    for one in new:
        sys.stdout.write(f"{one.name} version {one.version}\n")
    sys.stdout.write(f"{len(new)} added to schemas/{LOCK.name}\n")


if __name__ == "__main__":
    main()
