"""Municipalities: one TOML file each, named by the Amtlicher Gemeindeschluessel (AGS)."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from domain.complaints import complaints
from domain.organisations import InvalidMunicipalityError, Municipality, UnknownOrganisationError


def shipped() -> Path:
    """Return the folder of the municipalities that come with the program."""
    folder = find_spec("municipalities")
    if folder is None or folder.submodule_search_locations is None:
        raise InvalidMunicipalityError("this installation lacks its folder 'municipalities'")
    return Path(next(iter(folder.submodule_search_locations)))


def municipalities(folder: Path | None = None) -> tuple[Municipality, ...]:
    """Return every municipality of a folder (by default the shipped ones), by AGS.

    Raises:
        InvalidMunicipalityError: If a file does not fit.
    """
    return tuple(read_municipality(path) for path in _paths(folder or shipped()))


def municipality(name: str, folder: Path | None = None) -> Municipality:
    """Return the municipality of this AGS, slug or name.

    Raises:
        UnknownOrganisationError: If there is none.
        InvalidMunicipalityError: If a file does not fit.
    """
    found = municipalities(folder)
    for one in found:
        if name.casefold() in {one.ags, one.slug, one.name.casefold()}:
            return one
    known = ", ".join(f"{one.slug} ({one.ags})" for one in found) or "none"
    raise UnknownOrganisationError(f"no municipality {name[:60]!r}; known: {known}")


def read_municipality(path: Path) -> Municipality:
    """Read one file.

    Raises:
        InvalidMunicipalityError: If it does not fit; the message names file, place and cure.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise InvalidMunicipalityError(f"{path.name}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidMunicipalityError(f"{path.name}: is no TOML file in UTF-8: {error}") from None
    try:
        found = Municipality.model_validate(content)
    except ValidationError as error:
        raise InvalidMunicipalityError(_told(path, _misfits(content, error))) from None
    wrong = list(complaints(found))
    if path.stem != found.ags:
        wrong.append(f"ags: the file is named {path.stem!r}, not {found.ags!r}; rename it")
    if wrong:
        raise InvalidMunicipalityError(_told(path, wrong))
    return found


def _paths(folder: Path) -> list[Path]:
    """Return the files of a folder whose names are made of digits, in order."""
    return sorted(path for path in folder.glob("*.toml") if path.stem.isdigit())


def _misfits(content: dict[str, Any], error: ValidationError) -> Iterator[str]:
    """Name each place that does not fit, by key where the part has one."""
    for one in error.errors(include_input=False, include_url=False):
        place = _place(content, one["loc"])
        if one["type"] == "extra_forbidden":
            yield f"{place}: unknown key; correct or remove it"
        elif one["type"] == "missing":
            yield f"{place}: is missing; add it"
        else:
            yield f"{place}: {one['msg']}"


def _place(content: dict[str, Any], path: tuple[int | str, ...]) -> str:
    """Write the path to a value, with the key of a part instead of its number."""
    steps: list[str] = []
    here: Any = content
    for step in path:
        here = _below(here, step)
        key = here.get("key") if isinstance(here, dict) and isinstance(step, int) else None
        steps.append(str(step if key is None else key))
    return ".".join(steps)


def _below(value: Any, step: int | str) -> Any:
    """Return what lies one step below a value; None if nothing does."""
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


def _told(path: Path, wrong: Iterator[str] | list[str]) -> str:
    """Put the complaints about a file into one message."""
    return "\n".join(f"{path.name}: {one}" for one in wrong)
