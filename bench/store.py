"""What a measurement records into: a journal and its key store, each on a server of its own."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.embedded import EmbeddedServer
from infra.kek import KekFiles
from infra.keys import KeyRing, open_keys
from infra.migrations import migrate
from infra.municipalities import municipality

_KEYS_DSN, _KEK_DIR = "KETTE_KEYS_DSN", "KETTE_KEK_DIR"


@dataclass(frozen=True, slots=True)
class Store:
    """An empty journal, and the keys that seal and open what it will hold.

    Attributes:
        settings: What a program of Kette needs in its environment to open the same.
    """

    server: EmbeddedServer
    key_server: EmbeddedServer
    keys: KeyRing
    settings: Mapping[str, str]

    @property
    def dsn(self) -> str:
        """Return the database of the journal."""
        return self.server.dsn()


@contextmanager
def fresh_store() -> Iterator[Store]:
    """Start both servers in a folder of their own; all is gone afterwards."""
    tenant = municipality("herne").tenant
    with (
        tempfile.TemporaryDirectory(prefix="kette-bench-") as folder,
        EmbeddedServer(Path(folder, "data")) as server,
        EmbeddedServer(Path(folder, "keys")) as key_server,
    ):
        migrate(server.dsn(), tenant)
        settings = {
            "KETTE_DSN": server.dsn(),
            _KEYS_DSN: key_server.dsn(),
            _KEK_DIR: str(Path(folder, "kek")),
        }
        with keys_by(settings) as keys:
            yield Store(server, key_server, keys, settings)


def keys_by(settings: Mapping[str, str]) -> KeyRing:
    """Open the keys of a store by its settings, in another process."""
    kek = KekFiles(Path(settings[_KEK_DIR]))
    return open_keys(settings[_KEYS_DSN], kek, municipality("herne").tenant)
