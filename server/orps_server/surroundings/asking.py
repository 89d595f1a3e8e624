"""Has a project read for one prompt, by a process of its own (`reader.py`)."""

import json
import logging
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

import anyio
import anyio.abc
from anyio.streams.buffered import BufferedByteReceiveStream

from orps_server.surroundings.piece import Piece, within

MAX_SECONDS = 20.0
"""For all of it on a machine that is busy; what was found by then counts. Elsewhere the
reader's own bound on its processor time comes first."""
_REAP_SECONDS = 2.0
_MAX_LINE_BYTES = 100_000
# Warnings are what jedi says of each module that it may not import.
_COMMAND = (
    sys.executable,
    "-P",
    "-W",
    "ignore",
    "-m",
    "orps_server.surroundings.reader",
)

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    root: str
    overlay: Mapping[str, str]
    """Unsaved texts, by path relative to the root."""
    module_path: str
    qualname: str
    tests: tuple[str, ...]


async def gathered(
    question: Question, *, limit_characters: int, allowed: Callable[[str], bool]
) -> tuple[Piece, ...]:
    """Pieces of other files, at most `limit_characters` together.

    `allowed` says of a path whether any of it may be shown to a model. A prompt with fewer
    pieces is still a prompt, so whatever ends the reader ends nothing else.
    """
    if limit_characters <= 0:
        return ()
    found: list[Piece] = []
    with anyio.move_on_after(MAX_SECONDS) as limit:
        try:
            async with _reader() as process:
                await _converse(process, question, found)
        except OSError as error:
            _logger.warning("no process reads the project for the prompt: %s", error)
    if limit.cancelled_caught:
        _logger.info(
            "reading the project took too long; %d pieces are used", len(found)
        )
    return within([piece for piece in found if allowed(piece.path)], limit_characters)


async def _converse(
    process: anyio.abc.Process, question: Question, found: list[Piece]
) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    answer = BufferedByteReceiveStream(process.stdout)
    try:
        await process.stdin.send(json.dumps(asdict(question)).encode() + b"\n")
        while True:
            line = await answer.receive_until(b"\n", _MAX_LINE_BYTES)
            found.append(Piece(**json.loads(line)))
    except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError):
        status = await process.wait()
    if status:
        _logger.warning("what reads the project for the prompt ended with %s", status)


@asynccontextmanager
async def _reader() -> AsyncGenerator[anyio.abc.Process]:
    """The process; leaving this, in whatever way, leaves it dead."""
    process = await anyio.open_process(_COMMAND, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        with anyio.CancelScope(shield=True):
            if process.returncode is None:
                process.kill()
            # asyncio can lose an end; the process is dead, the wait need not be.
            with anyio.move_on_after(_REAP_SECONDS):
                await process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    await stream.aclose()
