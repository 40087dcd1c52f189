"""Which public events lie on which topic, and under which subjects a registry knows them."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from schemas.catalogue import Schema, names, subject, versions
from schemas.files import NAMESPACE
from schemas.topics import JOURNEY, SUBJECTS, Topic

COMPATIBILITY = "FULL_TRANSITIVE"
SUBJECT_STATE = "SubjectState"
_CARRIED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        JOURNEY.name: tuple(name for name in names() if name != SUBJECT_STATE),
        SUBJECTS.name: (SUBJECT_STATE,),
    }
)
_GENERATION = re.compile(r"\.g[1-9][0-9]*$")


def carried(topic: Topic) -> tuple[str, ...]:
    """Return the names of the public events that lie on a topic; empty where it carries none."""
    return _on(topic.name)


def subjects() -> tuple[str, ...]:
    """Return every subject, in order."""
    return tuple(sorted(subject(topic, name) for topic, of in _CARRIED.items() for name in of))


def versions_under(wanted: str) -> tuple[Schema, ...]:
    """Return the versions of a subject, the oldest first; empty if there is none.

    A later generation of a topic has the subjects of the first, though they are not listed.
    """
    topic, _, name = wanted.partition(f"-{NAMESPACE}.")
    return versions(name) if name in _on(topic) else ()


def subjects_of(schema: Schema) -> tuple[str, ...]:
    """Return the subjects under which a schema is known."""
    return tuple(subject(topic, schema.name) for topic, of in _CARRIED.items() if schema.name in of)


def _on(topic: str) -> tuple[str, ...]:
    return _CARRIED.get(_GENERATION.sub("", topic), ())
