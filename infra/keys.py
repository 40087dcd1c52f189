"""The key ring of one journal: data keys by journey and class, unwrapped for at most a minute.

A key is durable in the key store before it seals anything. What was destroyed stays destroyed: no key is made
again for that journey and class.
"""

import hmac
import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Self
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from typing_extensions import override

from domain.fields import DataClass
from infra import key_store
from infra.errors import KekError, KeyDestroyedError, KeyMissingError, KeyStoreError
from infra.kek import Kek
from infra.key_store import Destroyed, Epoch, EpochRetiredError, KeyStore, Stored

CACHE_SECONDS = 60.0
_CACHED = 200_000
_AT_ONCE = 1_000
_KEY_BYTES = 32
_SECRET_PLACE = b"secret"
_CLASSES = tuple(one.value for one in DataClass)


@dataclass(frozen=True, slots=True)
class DataKey:
    """An unwrapped data key; ``cipher`` is None if it was destroyed."""

    id: UUID
    journey: UUID
    data_class: str
    cipher: AESGCM | None

    def usable(self) -> AESGCM:
        """Return what seals.

        Raises:
            KeyDestroyedError: If it was destroyed.
        """
        if self.cipher is None:
            raise KeyDestroyedError(
                f"the key of journey {self.journey}, class {self.data_class}, was destroyed: "
                "nothing is recorded there any more"
            )
        return self.cipher


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """What there is: epochs with how many keys each wraps, and how many keys were destroyed."""

    epochs: tuple[Epoch, ...]
    destroyed: int


class _Cache:
    """What was unwrapped; everything is forgotten a minute after the first of it was."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._begun = clock()
        self.by_id: dict[bytes, DataKey] = {}
        self.by_place: dict[tuple[UUID, str], DataKey] = {}

    def expire(self) -> None:
        if self._clock() - self._begun > CACHE_SECONDS or len(self.by_id) > _CACHED:
            self.by_id, self.by_place = {}, {}
            self._begun = self._clock()

    def keep(self, keys: Iterable[DataKey]) -> None:
        by_id, by_place = self.by_id, self.by_place
        for one in keys:
            by_id[one.id.bytes] = by_place[one.journey, one.data_class] = one


def open_keys(dsn: str, kek: Kek, tenant: UUID) -> "KeyRing":
    """Open the keys of a tenant's journal; a new key store gets its first epoch and its secret.

    Raises:
        KeyStoreError: If the store is another tenant's, or holds something else.
        KeyStoreUnavailableError: If it cannot be reached.
        KekError: If the key of an epoch is missing, open to others, or another one.
    """
    key_store.migrate(dsn)
    ring = KeyRing(KeyStore(dsn), kek)
    try:
        ring.begin(tenant)
    except BaseException:
        ring.close()
        raise
    return ring


class KeyRing:
    """Gives the keys that seal and open; safe to use from many threads."""

    def __init__(
        self, store: KeyStore, kek: Kek, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.store = store
        self._kek = kek
        self._cache = _Cache(clock)
        self._epoch = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    @override
    def __reduce__(self) -> tuple[type["KeyRing"], tuple[KeyStore, Kek]]:
        """Go to another process without what was unwrapped; there it opens a connection of its own."""
        return KeyRing, (self.store, self._kek)

    def close(self) -> None:
        """Give the connection back."""
        self.store.close()

    def begin(self, tenant: UUID) -> None:
        """Make sure that the store is this tenant's and that its keys can be unwrapped."""
        found = self.store.secret()
        if found is None:
            self._begin_store(tenant)
            found = self.store.secret()
        if found is None or found[0] != tenant:
            raise KeyStoreError(
                "the key store holds the keys of another municipality: name its own in KETTE_KEYS_DSN"
            )
        self._check_epochs()

    @cached_property
    def secret(self) -> bytes:
        """Return the secret of the digests and pseudonyms of this store.

        Raises:
            KekError: If the key that wraps it is not there.
        """
        found = self.store.secret()
        if found is None:
            raise KeyStoreError("the key store was not begun")
        secret = self._kek.unwrap(found[1], found[2], _SECRET_PLACE)
        if secret is None:
            raise KekError(f"epoch {found[1]} does not unwrap the secret of the key store")
        return secret

    def derived(self, purpose: str) -> bytes:
        """Return 32 bytes that only this store can compute, another for each purpose."""
        return hmac.digest(self.secret, b"derived\0" + purpose.encode(), "sha256")

    def sealing(self, places: Collection[tuple[UUID, str]]) -> Mapping[tuple[UUID, str], DataKey]:
        """Return the keys that seal for journeys and classes, made and durable if there were none.

        Raises:
            KeyDestroyedError: If one was destroyed.
            KeyStoreUnavailableError: If the key store does not answer.
        """
        self._cache.expire()
        known = self._cache.by_place
        missing = {journey: None for journey, name in places if (journey, name) not in known}
        taken = self._take(missing)
        found = {place: taken.get(place) or known[place] for place in places}
        for one in found.values():
            one.usable()
        return found

    def opening(self, ids: Iterable[bytes]) -> Mapping[bytes, DataKey]:
        """Return the keys with these ids; those that the store does not know are missing."""
        self._cache.expire()
        known = self._cache.by_id
        missing = {one for one in ids if one not in known}
        if missing:
            found = self.store.find([UUID(bytes=one) for one in missing])
            keys = [self._unwrapped(one) for one in found]
            self._cache.keep(keys)
            known.update({one.id.bytes: one for one in keys})  # another thread may have expired it
        return known

    def forget(self) -> None:
        """Forget everything that was unwrapped."""
        self._cache.by_id, self._cache.by_place = {}, {}

    def destroyed_after(self, seq: int) -> list[Destroyed]:
        """Return what was destroyed after a number; then nothing of it is at hand any more."""
        found = self.store.destroyed_after(seq)
        if found:
            self.forget()
        return found

    # What a custodian does

    def rotate(self) -> tuple[int, int]:
        """Begin a new epoch and wrap every key anew under it; return the epoch and how many were."""
        epoch = self._latest().number + 1
        self._kek.make(epoch)
        self.store.begin_epoch(epoch, self._kek.fingerprint(epoch))
        self._epoch = epoch
        return epoch, self._rewrap(epoch)

    def _rewrap(self, epoch: int) -> int:
        """Wrap every key that another epoch wraps under this one; return how many."""
        done = self.store.rewrap(epoch, lambda one: self._wrap(epoch, one, self._raw(one)))
        self.store.rewrap_secret(epoch, self._kek.wrap(epoch, self.secret, _SECRET_PLACE))
        return done

    def destroy_epoch(self, number: int) -> None:
        """Destroy the key of a retired epoch that wraps nothing any more.

        Raises:
            KeyStoreError: If there is no such epoch, it still wraps, or it is destroyed already.
        """
        found = next((one for one in self.store.epochs() if one.number == number), None)
        if found is None or found.destroyed_at is not None:
            raise KeyStoreError(f"there is no epoch {number} whose key could be destroyed")
        if found.retired_at is None or found.keys:
            raise KeyStoreError(
                f"epoch {number} still wraps {found.keys} keys: `kette keys rotate` wraps them anew first"
            )
        if number in self._kek.epochs():
            self._kek.destroy(number)
        self.store.note_destroyed(number)

    def destroy(self, journey: UUID) -> int:
        """Destroy the keys of a journey, at once and for good; return how many there were."""
        count = self.store.destroy(journey)
        self.forget()
        return count

    def status(self) -> KeyStatus:
        """Return what there is."""
        return KeyStatus(tuple(self.store.epochs()), len(self.store.destroyed_after(0)))

    def released(self, journeys: Collection[UUID]) -> list[tuple[Stored, bytes]]:
        """Return the data keys of journeys in clear, for an audit."""
        return [(one, self._raw(one)) for one in self.store.of(journeys)]

    def _begin_store(self, tenant: UUID) -> None:
        epoch = self._kek.epochs()[-1] if self._kek.epochs() else 1
        self._kek.make(epoch)
        secret = self._kek.wrap(epoch, os.urandom(_KEY_BYTES), _SECRET_PLACE)
        self.store.begin(tenant, epoch, self._kek.fingerprint(epoch), secret)

    def _check_epochs(self) -> None:
        """Compare the keys that wrap with what the store was made with; one that wraps nothing may be gone."""
        for one in self.store.epochs():
            wraps = one.retired_at is None or one.keys > 0
            if wraps and self._kek.fingerprint(one.number) != one.fingerprint:
                raise KekError(
                    f"the key of epoch {one.number} is not the one that the key store was made with"
                )
        self._epoch = self._latest().number

    def _latest(self) -> Epoch:
        return self.store.epochs()[-1]

    def _take(self, journeys: Iterable[UUID]) -> Mapping[tuple[UUID, str], DataKey]:
        """Offer new keys for journeys, one of each class; return what they then have."""
        following = iter(journeys)
        found: dict[tuple[UUID, str], DataKey] = {}
        while some := list(islice(following, _AT_ONCE)):
            found |= self._take_some(some)
        return found

    def _take_some(self, journeys: Collection[UUID]) -> Mapping[tuple[UUID, str], DataKey]:
        """Do so for as many as one call of the key store answers well within its time."""
        for _ in range(3):
            epoch = self._epoch or self._latest().number
            try:
                offered = [self._offer(epoch, one, name) for one in journeys for name in _CLASSES]
                found = self.store.take(epoch, offered)
            except (EpochRetiredError, KekError):
                self._epoch = self._latest().number  # somebody may have begun a new one
                if self._epoch == epoch:
                    raise
                continue
            keys = [self._unwrapped(one) for one in found]
            self._cache.keep(keys)
            return {(one.journey, one.data_class): one for one in keys}
        raise KeyStoreError("the epochs of the key store change too fast")

    def _offer(self, epoch: int, journey: UUID, data_class: str) -> Stored:
        one = Stored(uuid4(), journey, data_class, epoch, None)
        return one._replace(wrapped=self._wrap(epoch, one, os.urandom(_KEY_BYTES)))

    def _unwrapped(self, one: Stored) -> DataKey:
        cipher = None if one.wrapped is None else AESGCM(self._raw(one))
        return DataKey(one.id, one.journey, one.data_class, cipher)

    def _wrap(self, epoch: int, one: Stored, raw: bytes) -> bytes:
        return self._kek.wrap(epoch, raw, _place(one))

    def _raw(self, one: Stored) -> bytes:
        raw = None if one.wrapped is None else self._kek.unwrap(one.epoch, one.wrapped, _place(one))
        if raw is None:
            raise KeyMissingError(
                f"the key of journey {one.journey}, class {one.data_class}, cannot be unwrapped with "
                f"epoch {one.epoch}: the key store or the file of the epoch is not the right one"
            )
        return raw


def _place(one: Stored) -> bytes:
    return one.id.bytes + one.journey.bytes + one.data_class.encode()
