"""What can go wrong between Kette and its database, said so that a person can act on it."""

from domain.errors import KetteError


class DataFolderError(KetteError):
    """The data folder cannot be used: not writable, not ours, or not a cluster of this version."""

    code = "data-folder"


class DataFolderInUseError(KetteError):
    """Another Kette owns the data folder."""

    code = "data-folder-in-use"


class ServerStartError(KetteError):
    """The embedded PostgreSQL did not start."""

    code = "server-start"


class MigrationError(KetteError):
    """The database and this program's migrations do not fit each other."""

    code = "migration"


class UnsafeServerError(KetteError):
    """The server may lose what it acknowledged, so nothing is written to it."""

    code = "unsafe-server"


class JournalUnavailableError(KetteError):
    """The database cannot be reached, or it went away and did not come back in time."""

    code = "journal-unavailable"


class JournalBusyError(KetteError):
    """The database did not answer within the time limit of a request; nothing was written."""

    code = "journal-busy"


class HistoryLoadError(KetteError):
    """A load of history does not fit the state of the journal."""

    code = "history-load"


class BackupError(KetteError):
    """A backup could not be made, or is not whole."""

    code = "backup"


class KeyFileError(KetteError):
    """A file that holds a secret cannot be used: open to others, somebody else's, or not a key."""

    code = "key-file"


class KekError(KetteError):
    """The key of an epoch is missing, or not the one that the key store was made with."""

    code = "kek"


class KeyStoreError(KetteError):
    """The key store is not the one of this journal, or cannot be used as asked."""

    code = "key-store"


class KeyStoreUnavailableError(JournalUnavailableError):
    """The key store cannot be reached, or it went away and did not come back in time."""


class KeyMissingError(KetteError):
    """The key of a record is not in the key store, or does not open it."""

    code = "key-missing"


class KeyDestroyedError(KetteError):
    """The key of a journey was destroyed: nothing is written to it any more."""

    code = "key-destroyed"


class LogFolderError(KetteError):
    """The folder of the tree cannot be written: no room, or no right."""

    code = "log-folder"


class TileError(KetteError):
    """A file of the tree is missing or damaged.

    Attributes:
        position: The first leaf in which it differs from the journal; None if that cannot be said.
    """

    code = "tile"

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


class NoteError(KetteError):
    """A signed note cannot be read, or is not signed by the key that it should be signed by."""

    code = "note"


class NotaryKeyError(KetteError):
    """A signing key cannot be used: missing, readable by others, or not the one that signed before."""

    code = "notary-key"


class WitnessError(KetteError):
    """A log does not show that it continues the tree that the witness saw before."""

    code = "witness"


class LogUnreachableError(KetteError):
    """The published log cannot be read: no such folder, or nobody answers at the address."""

    code = "log-unreachable"


class UnsignedError(KetteError):
    """The newest events are not signed yet; the notary signs every ten seconds."""

    code = "unsigned"


class ExportError(KetteError):
    """An export could not be made, is not whole, or does not fit the store."""

    code = "export"


class StoreNotEmptyError(KetteError):
    """Something was recorded in a store that has to be empty."""

    code = "store-not-empty"
