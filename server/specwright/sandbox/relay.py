"""Carries bytes between a connection of a box and one of this machine's, both ways, and counts them."""

import asyncio
from dataclasses import dataclass

PIECE = 64 * 1024
"""Bytes read at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """A connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


@dataclass(slots=True)
class Relay:
    """Hands on between two lines until both have said all, or one is gone."""

    inside: Line
    outside: Line
    sent: int = 0
    """Bytes that left the box."""
    received: int = 0

    async def carry(self) -> None:
        """To the end; the outer line is closed then."""
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._forth())
                both.create_task(self._back())
        except* OSError:  # one of them is gone
            pass
        finally:
            self.outside.writer.close()

    async def _forth(self) -> None:
        while piece := await self.inside.reader.read(PIECE):
            self.sent += len(piece)
            await _say(self.outside.writer, piece)
        _end(self.outside.writer)

    async def _back(self) -> None:
        while piece := await self.outside.reader.read(PIECE):
            self.received += len(piece)
            await _say(self.inside.writer, piece)
        _end(self.inside.writer)


async def _say(writer: asyncio.StreamWriter, piece: bytes) -> None:
    writer.write(piece)
    await writer.drain()


def _end(writer: asyncio.StreamWriter) -> None:
    if writer.can_write_eof():
        writer.write_eof()
