"""A proxy before PostgreSQL that cuts the connection of an append at a chosen point.

It speaks just enough of the protocol to know the call that appends (a Bind of the statement
``write``) and the ReadyForQuery that tells of its commit.
"""

import asyncio
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

_APPEND = b"\0write\0"
_BIND, _READY = b"B", b"Z"


class Cut(StrEnum):
    """Where the connection of an append is cut."""

    REQUEST = "nothing of the request reaches the server"
    HALF_REQUEST = "half of the request reaches the server"
    ANSWER = "it is committed, nothing of the answer arrives"
    HALF_ANSWER = "it is committed, half of the answer arrives"
    READY = "it is committed, all arrives but the last message"

    @property
    def committed(self) -> bool:
        """Say whether the server has committed when the connection is cut."""
        return self not in {Cut.REQUEST, Cut.HALF_REQUEST}


@dataclass
class _Way:
    """One connection through the proxy, and where it is to be cut."""

    client: tuple[StreamReader, StreamWriter]
    server: tuple[StreamReader, StreamWriter]
    cut: Cut | None = None
    answer: list[bytes] = field(default_factory=list)

    def end(self) -> None:
        """Let go of both sides at once."""
        for _, writer in (self.client, self.server):
            writer.transport.abort()


class Proxy:
    """Listens on a loopback port for the server of a DSN, within a ``with``.

    Attributes:
        cuts: Where connections were cut so far.
    """

    def __init__(self, dsn: str, draw: Callable[[], Cut | None]) -> None:
        self._parts = conninfo_to_dict(dsn)
        self._draw = draw
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._ways: dict[asyncio.Task[None], _Way] = {}
        self.cuts: list[Cut] = []

    def __enter__(self) -> Self:
        self._thread.start()
        serving = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(10)
        return self

    def __exit__(self, *_failure: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def dsn(self) -> str:
        """Return the connection string of the way through the proxy."""
        port = self._server.sockets[0].getsockname()[1]
        user, name = (quote(str(self._parts[part])) for part in ("user", "dbname"))
        return f"postgresql://{user}@127.0.0.1:{port}/{name}?sslmode=disable&gssencmode=disable"

    async def _end(self) -> None:
        self._server.close()
        for way in self._ways.values():
            way.end()
        await asyncio.gather(*self._ways)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        serving = asyncio.current_task()
        assert serving is not None
        socket = Path(str(self._parts["host"]), ".s.PGSQL.5432")
        way = _Way((reader, writer), await asyncio.open_unix_connection(socket))
        self._ways[serving] = way
        both = [asyncio.create_task(carry(way)) for carry in (self._up, self._down)]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            way.end()
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            del self._ways[serving]

    async def _up(self, way: _Way) -> None:
        """Carry what the client says; where an append is to be lost, end the connection."""
        reader, writer = way.client[0], way.server[1]
        writer.write(await _message(reader, named=False))
        while message := await _message(reader):
            if message[:1] == _BIND and message[5:].startswith(_APPEND):
                way.cut = self._draw()
            if way.cut is not None and not way.cut.committed:
                half = len(message) // 2 if way.cut is Cut.HALF_REQUEST else 0
                writer.write(message[:half])
                self.cuts.append(way.cut)
                return
            writer.write(message)

    async def _down(self, way: _Way) -> None:
        """Carry what the server says; of an answer to be lost, what is to arrive of it."""
        reader, writer = way.server[0], way.client[1]
        while message := await _message(reader):
            if way.cut is None:
                writer.write(message)
                continue
            way.answer.append(message)
            if message[:1] == _READY:
                writer.write(_arriving(way))
                self.cuts.append(way.cut)
                return


def _arriving(way: _Way) -> bytes:
    whole = b"".join(way.answer)
    if way.cut is Cut.HALF_ANSWER:
        return whole[: len(whole) // 2]
    return b"".join(way.answer[:-1]) if way.cut is Cut.READY else b""


async def _message(reader: StreamReader, *, named: bool = True) -> bytes:
    """Read one message with its header; empty at the end of the connection."""
    try:
        head = await reader.readexactly(5 if named else 4)
        return head + await reader.readexactly(int.from_bytes(head[-4:]) - 4)
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
