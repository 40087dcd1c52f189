"""Twelve ways to tamper with an export; each mutant is written as an insider without the signing key can.

``mutants(seed, each)`` draws ``each`` of every kind. An insider recomputes the digests, lines and commands of the
files (``Story.write``) and, where the kind says so, positions, links and digests of every event behind.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.verify.making import (
    NAMES,
    Story,
    changed,
    history,
    leaf,
    named,
    resealed,
    root,
    signer,
)

SIGNED = (10, 25, 40)
EVENTS = 60
ELSEWHERE = "kette/00000000-0000-0000-0000-000000000001/00000000-0000-4000-8000-000000000002"
FIELDS = tuple(name for name in NAMES if name != "digest")
Mutation = Callable[[Story, random.Random], int]


@dataclass(frozen=True)
class Mutant:
    """A tampered log, the first position that is wrong (0: none is), and the auditor's checkpoints."""

    kind: str
    story: Story
    position: int
    own: tuple[str, ...]
    split: int = 0

    def write(self, folder: Path) -> list[Path]:
        if self.split:
            return self.story.parts(folder, self.split)
        return [self.story.write(folder)]


def somewhere(story: Story, rnd: random.Random, last: int = 0) -> int:
    return rnd.randrange(story.size - last)


def flipped(data: bytes, rnd: random.Random) -> bytes:
    made = bytearray(data)
    made[rnd.randrange(len(made))] ^= 1 << rnd.randrange(8)
    return bytes(made)


def field(story: Story, rnd: random.Random) -> int:
    """Change one field of a header."""
    at = somewhere(story, rnd)
    header, sealed = story.rows[at]
    name = rnd.choice(FIELDS)
    value = named(header)[name]
    other = flipped(value, rnd) if isinstance(value, bytes) else value ^ (1 << rnd.randrange(7))
    story.rows[at] = (changed(header, **{name: other}), sealed)
    return at + 1


def delete(story: Story, rnd: random.Random) -> int:
    """Take an event out; sometimes close the hole in the positions."""
    at = somewhere(story, rnd)
    del story.rows[at]
    if rnd.random() < 0.5:
        renumbered(story)
    return at + 1


def renumbered(story: Story) -> None:
    story.rows = [
        (changed(header, position=number), sealed)
        for number, (header, sealed) in enumerate(story.rows, 1)
    ]


def swap(story: Story, rnd: random.Random) -> int:
    """Exchange two lines."""
    one, other = sorted(rnd.sample(range(story.size), 2))
    story.rows[one], story.rows[other] = story.rows[other], story.rows[one]
    return one + 1


def truncate(story: Story, rnd: random.Random) -> int:
    """Cut the end off, sometimes where an older checkpoint fits."""
    size = rnd.choice(SIGNED) if rnd.random() < 0.5 else 1 + somewhere(story, rnd, last=1)
    del story.rows[size:]
    return size + 1


def insert(story: Story, rnd: random.Random) -> int:
    """Put a new event in and number the others anew."""
    at = somewhere(story, rnd)
    header, _ = rnd.choice(story.rows)
    journey = rnd.choice([header[41:57], rnd.randbytes(16)])
    made = changed(header, journey=journey, command=rnd.randbytes(16))
    story.rows.insert(at, resealed(made, b"{}", rnd.randbytes(32), rnd.randbytes(12)))
    renumbered(story)
    return at + 1


def duplicate(story: Story, rnd: random.Random) -> int:
    """Say an event twice: at once, or at the end under a new position."""
    at = somewhere(story, rnd)
    if rnd.random() < 0.5:
        story.rows.insert(at, story.rows[at])
        return at + 2
    header, sealed = story.rows[at]
    story.rows.append((changed(header, position=story.size + 1), sealed))
    return story.size


def payload_bit(story: Story, rnd: random.Random) -> int:
    """Change one bit of a ciphertext."""
    at = somewhere(story, rnd)
    header, sealed = story.rows[at]
    assert sealed is not None
    story.rows[at] = (header, flipped(sealed, rnd))
    return at + 1


def reencrypt(story: Story, rnd: random.Random) -> int:
    """Seal another payload with the right key, and put its digest into the header."""
    at = somewhere(story, rnd)
    header, _ = story.rows[at]
    key = story.keys[header[185:201]][2]
    story.rows[at] = resealed(header, b'{"type":"Other"}', key, rnd.randbytes(12))
    return at + 1


def rewrite(story: Story, rnd: random.Random) -> int:
    """Rewrite all from an event on, links and all; sometimes with the stolen signing key."""
    at = somewhere(story, rnd)
    header, _ = story.rows[at]
    key = story.keys[header[185:201]][2]
    story.rows[at] = resealed(header, b'{"type":"Other"}', key, rnd.randbytes(12))
    story.linked()
    signed_again(story, rnd)
    return at + 1


def signed_again(story: Story, rnd: random.Random) -> None:
    if rnd.random() < 0.5:
        story.sign(*story.notes)


def reorder(story: Story, rnd: random.Random) -> int:
    """Tell two neighbours the other way round, and rewrite positions and links behind."""
    at = somewhere(story, rnd, last=1)
    (one, _), (other, _) = story.rows[at : at + 2]
    story.rows[at : at + 2] = [
        (changed(other, moment=named(one)["moment"]), story.rows[at + 1][1]),
        (changed(one, moment=named(other)["moment"]), story.rows[at][1]),
    ]
    story.linked()
    return at + 1


def exchange(story: Story, rnd: random.Random) -> int:
    """Exchange the payloads of two events, sometimes with their digests."""
    one, other = sorted(rnd.sample(range(story.size), 2))
    (first, mine), (second, its) = story.rows[one], story.rows[other]
    if rnd.random() < 0.5:
        digests = named(second)["digest"], named(first)["digest"]
        first, second = changed(first, digest=digests[0]), changed(second, digest=digests[1])
    story.rows[one], story.rows[other] = (first, its), (second, mine)
    return one + 1


def other_log(story: Story, rnd: random.Random) -> int:
    """Put the checkpoint of another log in the place of one of this: other name, key, or tree."""
    size = rnd.choice(sorted(story.notes))
    top = root([leaf(row) for row in story.rows[:size]])
    story.notes[size] = rnd.choice(
        [
            signer(1, ELSEWHERE).note(size, top),
            signer(1).note(size, top, origin=ELSEWHERE),
            signer(2).note(size, top),
            signer(1).note(size, rnd.randbytes(32)),
        ]
    )
    return 0


KINDS: dict[str, Mutation] = {
    "field": field,
    "delete": delete,
    "swap": swap,
    "truncate": truncate,
    "insert": insert,
    "duplicate": duplicate,
    "payload": payload_bit,
    "re-encrypt": reencrypt,
    "rewrite": rewrite,
    "reorder": reorder,
    "exchange": exchange,
    "checkpoint": other_log,
}


def mutants(seed: int, each: int) -> Iterator[Mutant]:
    """Draw mutants of every kind; the auditor holds the checkpoints of 25 and of the end."""
    rnd = random.Random(seed)
    stories = [history(number, EVENTS, signed=SIGNED) for number in range(5)]
    for kind, mutation in KINDS.items():
        for _ in range(each):
            right = rnd.choice(stories)
            story = right.copy()
            position = mutation(story, rnd)
            split = rnd.choice([0, 0, 10, 25])
            split = split if split < story.size and split in story.notes else 0
            yield Mutant(kind, story, position, (right.notes[25], right.notes[EVENTS]), split)
