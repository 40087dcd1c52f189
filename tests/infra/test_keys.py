"""The key store: durable before use, destroyed for good, wrapped anew, and refused when it is not ours."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.fields import DataClass
from infra.embedded import EmbeddedServer
from infra.errors import (
    KekError,
    KeyDestroyedError,
    KeyFileError,
    KeyMissingError,
    KeyStoreError,
    KeyStoreUnavailableError,
    UnsafeServerError,
)
from infra.kek import KekFiles
from infra.keys import CACHE_SECONDS, KeyRing, open_keys

pytestmark = pytest.mark.both_servers

TENANT = UUID(int=5_916_000)
CLASSES = tuple(one.value for one in DataClass)
ANNA = UUID(int=1)


@pytest.fixture
def keys_dsn(server: EmbeddedServer) -> Iterator[str]:
    name = f"keys_{uuid4().hex}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.dsn(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def kek(tmp_path: Path) -> KekFiles:
    return KekFiles(tmp_path / "kek")


@pytest.fixture
def ring(keys_dsn: str, kek: KekFiles) -> Iterator[KeyRing]:
    with open_keys(keys_dsn, kek, TENANT) as opened:
        yield opened


def taken(ring: KeyRing, journey: UUID = ANNA, name: str = "notes") -> bytes:
    """Return the id of a key that seals."""
    return ring.sealing([(journey, name)])[journey, name].id.bytes


def owner(dsn: str) -> psycopg.Connection:
    return psycopg.connect(dsn, autocommit=True)


def test_a_key_is_made_once_for_journey_and_class(ring: KeyRing) -> None:
    ids = {(j, name): taken(ring, UUID(int=j), name) for j in (1, 2) for name in CLASSES}
    assert len(set(ids.values())) == 8
    ring.forget()
    assert ids == {(j, name): taken(ring, UUID(int=j), name) for j in (1, 2) for name in CLASSES}


def test_a_store_that_may_lose_a_key_is_refused(keys_dsn: str, kek: KekFiles) -> None:
    with owner(keys_dsn) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET synchronous_commit = off")
    with pytest.raises(UnsafeServerError, match="synchronous_commit off"):
        open_keys(keys_dsn, kek, TENANT)


def test_a_key_is_stored_before_it_is_given_and_never_in_clear(
    ring: KeyRing, keys_dsn: str, kek: KekFiles
) -> None:
    found = taken(ring)
    with owner(keys_dsn) as connection:
        ((wrapped,),) = connection.execute(
            "SELECT wrapped FROM kette.data_keys WHERE id = %s", [UUID(bytes=found)]
        ).fetchall()
    ((_, raw),) = [one for one in ring.released([ANNA]) if one[0].id.bytes == found]
    assert len(wrapped) == 60
    assert raw not in wrapped


def test_two_who_need_the_same_keys_at_once_get_the_same(keys_dsn: str, kek: KekFiles) -> None:
    journeys = [(uuid4(), "base") for _ in range(40)]
    found: list[dict[object, bytes]] = []

    def take() -> None:
        with open_keys(keys_dsn, kek, TENANT) as own:
            found.append({one: taken(own, *one) for one in journeys})

    threads = [threading.Thread(target=take) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 4
    assert all(one == found[0] for one in found)


def test_what_was_unwrapped_is_forgotten_after_a_minute(keys_dsn: str, kek: KekFiles) -> None:
    now = [0.0]
    with open_keys(keys_dsn, kek, TENANT) as made:
        first = taken(made)
        other = KeyRing(made.store, kek, clock=lambda: now[0])
        assert other.opening([first])[first].cipher is not None
        made.destroy(ANNA)
        now[0] = CACHE_SECONDS - 1
        assert other.opening([first])[first].cipher is not None
        now[0] = CACHE_SECONDS + 1
        assert other.opening([first])[first].cipher is None


def test_a_destroyed_key_is_never_made_again(ring: KeyRing, keys_dsn: str) -> None:
    taken(ring)
    with owner(keys_dsn) as connection:
        connection.execute("DELETE FROM kette.data_keys WHERE journey_id = %s", [ANNA])
    ring.forget()
    for name in CLASSES:
        with pytest.raises(KeyDestroyedError, match=f"journey {ANNA}, class {name}"):
            taken(ring, ANNA, name)
    assert [one.data_class for one in ring.destroyed_after(0)] == sorted(
        CLASSES, key=[one.data_class for one in ring.destroyed_after(0)].index
    )
    assert {one.data_class for one in ring.destroyed_after(0)} == set(CLASSES)
    with owner(keys_dsn) as connection, pytest.raises(psycopg.DatabaseError, match="forbidden"):
        connection.execute("DELETE FROM kette.destroyed")


def test_rotation_wraps_every_key_anew_and_the_old_epoch_can_go(
    ring: KeyRing, kek: KekFiles
) -> None:
    ids = [taken(ring, UUID(int=n)) for n in range(50)]
    secret = ring.secret
    with pytest.raises(KeyStoreError, match="epoch 1 still wraps"):
        ring.destroy_epoch(1)

    assert ring.rotate() == (2, 200)
    ring.destroy_epoch(1)

    assert kek.epochs() == (2,)
    ring.forget()
    assert [taken(ring, UUID(int=n)) for n in range(50)] == ids
    assert KeyRing(ring.store, kek).secret == secret
    with pytest.raises(KeyStoreError, match="no epoch 1"):
        ring.destroy_epoch(1)
    with pytest.raises(KeyStoreError, match="epoch 2 still wraps"):
        ring.destroy_epoch(2)


def test_a_process_that_did_not_hear_of_a_rotation_wraps_under_the_new_epoch(
    ring: KeyRing, keys_dsn: str, kek: KekFiles
) -> None:
    taken(ring)
    with open_keys(keys_dsn, kek, TENANT) as custodian:
        custodian.rotate()
        custodian.destroy_epoch(1)
        taken(ring, UUID(int=9))
        assert [one.keys for one in custodian.status().epochs if one.number == 2] == [9]


def test_an_epoch_whose_destruction_was_broken_off_is_no_reason_to_refuse(
    ring: KeyRing, keys_dsn: str, kek: KekFiles
) -> None:
    taken(ring)
    ring.rotate()
    kek.destroy(1)
    with open_keys(keys_dsn, kek, TENANT) as again:
        again.destroy_epoch(1)
        assert [one.destroyed_at is None for one in again.status().epochs] == [False, True]


def test_a_rewrap_that_was_overtaken_wraps_nothing_under_the_retired_epoch(
    ring: KeyRing, keys_dsn: str, kek: KekFiles
) -> None:
    taken(ring)
    ring.rotate()
    taken(ring, UUID(int=2))
    custodian = open_keys(keys_dsn, kek, TENANT)

    def wrap(_one: object) -> bytes:
        with owner(keys_dsn) as connection:  # it goes on as it was before
            connection.execute("UPDATE kette.data_keys SET epoch = 2 WHERE epoch = 1")
        custodian.rotate()
        return bytes(60)

    with pytest.raises(KeyStoreError, match="epoch 2 was retired meanwhile"):
        _overtaken(ring, wrap)
    with pytest.raises(KeyStoreError, match="epoch 2 was retired meanwhile"):
        ring.store.rewrap_secret(2, bytes(60))
    assert {one.number: one.keys for one in custodian.status().epochs} == {1: 0, 2: 0, 3: 9}
    custodian.close()


def _overtaken(ring: KeyRing, wrap: Callable[[object], bytes]) -> None:
    """Re-wrap under epoch 2 while a key is still under epoch 1."""
    with owner(ring.store.dsn) as connection:
        connection.execute(
            "UPDATE kette.data_keys SET epoch = 1 WHERE journey_id = %s AND class = 'base'", [ANNA]
        )
    ring.store.rewrap(2, wrap)


def test_destructions_are_numbered_in_the_order_of_commits(ring: KeyRing, keys_dsn: str) -> None:
    taken(ring, UUID(int=1))
    taken(ring, UUID(int=2))
    with psycopg.connect(keys_dsn) as first, owner(keys_dsn) as second:
        first.execute("DELETE FROM kette.data_keys WHERE journey_id = %s", [UUID(int=1)])
        second.execute("SET lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute("DELETE FROM kette.data_keys WHERE journey_id = %s", [UUID(int=2)])
        first.commit()
        second.execute("DELETE FROM kette.data_keys WHERE journey_id = %s", [UUID(int=2)])
    assert [one.journey.int for one in ring.destroyed_after(0)] == [1] * 4 + [2] * 4


def test_a_hundred_thousand_keys_are_wrapped_anew_in_seconds(ring: KeyRing, keys_dsn: str) -> None:
    for begin in range(0, 25_000, 5_000):
        ring.sealing([(UUID(int=n), "base") for n in range(begin, begin + 5_000)])
    started = time.process_time()
    assert ring.rotate()[1] == 100_000
    assert time.process_time() - started < 10


WIDER = [0o440, 0o404, 0o600, 0o500, 0o410]


@pytest.mark.parametrize("mode", WIDER)
def test_a_key_file_with_wider_rights_is_refused(
    ring: KeyRing, keys_dsn: str, kek: KekFiles, mode: int
) -> None:
    path = kek.folder / "epoch-0001.key"
    assert path.stat().st_mode & 0o777 == 0o400
    assert kek.folder.stat().st_mode & 0o777 == 0o700
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=r"epoch-0001\.key has rights wider .* chmod 400"):
        open_keys(keys_dsn, KekFiles(kek.folder), TENANT)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_key_file_of_somebody_else_is_refused(
    ring: KeyRing, keys_dsn: str, kek: KekFiles
) -> None:
    os.chown(kek.folder / "epoch-0001.key", 65534, 65534)
    with pytest.raises(KeyFileError, match="another user"):
        open_keys(keys_dsn, KekFiles(kek.folder), TENANT)


def test_a_missing_or_wrong_key_file_is_named(
    ring: KeyRing, keys_dsn: str, kek: KekFiles, tmp_path: Path
) -> None:
    taken(ring)
    with pytest.raises(KekError, match=r"epoch-0001\.key is missing"):
        open_keys(keys_dsn, KekFiles(tmp_path / "elsewhere"), TENANT)
    other = KekFiles(tmp_path / "other")
    other.make(1)
    with pytest.raises(KekError, match="not the one"):
        open_keys(keys_dsn, other, TENANT)
    (kek.folder / "epoch-0001.key").chmod(0o600)
    (kek.folder / "epoch-0001.key").write_bytes(b"short")
    (kek.folder / "epoch-0001.key").chmod(0o400)
    with pytest.raises(KeyFileError, match="no key of 32 bytes"):
        open_keys(keys_dsn, KekFiles(kek.folder), TENANT)


def test_a_wrapped_key_that_was_put_under_another_journey_does_not_unwrap(
    ring: KeyRing, keys_dsn: str
) -> None:
    first, second = taken(ring, UUID(int=1)), taken(ring, UUID(int=2))
    with owner(keys_dsn) as connection:
        connection.execute(
            "UPDATE kette.data_keys SET wrapped = (SELECT wrapped FROM kette.data_keys WHERE id = %s)"
            " WHERE id = %s",
            [UUID(bytes=first), UUID(bytes=second)],
        )
    ring.forget()
    with pytest.raises(KeyMissingError, match=f"journey {UUID(int=2)}, class notes"):
        ring.opening([second])


def test_the_store_of_another_municipality_is_refused(
    ring: KeyRing, keys_dsn: str, kek: KekFiles
) -> None:
    with pytest.raises(KeyStoreError, match="another municipality"):
        open_keys(keys_dsn, kek, UUID(int=5_911_000))


def test_the_journals_own_database_is_no_key_store(dsn: str, kek: KekFiles) -> None:
    with pytest.raises(KeyStoreError, match="journal's own database"):
        open_keys(dsn, kek, TENANT)


def test_a_store_that_is_away_is_said_so(kek: KekFiles) -> None:
    with pytest.raises(KeyStoreUnavailableError, match="key store"):
        open_keys("postgresql:///x?host=/nowhere", kek, TENANT)
