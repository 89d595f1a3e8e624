# pyright: basic
"""The conversation between the judge and the candidate: one question at a time.

Who is asked may ask back before it answers, as a candidate does that calls a function
of the test.  Every question has a number, and only the answer to the last one counts.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from orps_sandbox.worker import frames
from orps_sandbox.worker.split.leaves import Unreadable

if TYPE_CHECKING:
    from orps_sandbox.worker.split.graph import Graph

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
_READ_BYTES = 256 * 1024
MAX_DEPTH = 60
"""Questions that may be open at a time: a recursion through both processes."""

_read, _write, _select = os.read, os.write, select.select


class LinkLost(Exception):
    """Raised when the other side is gone, or has said what nobody says."""


class TooLarge(ValueError):
    """Raised when a message is more than the other side would take."""


class Link:
    """One end; `answer` performs what the other side asks."""

    def __init__(
        self, descriptor: int, before_waiting: Callable[[], None] | None = None
    ) -> None:
        self._descriptor = descriptor
        self._before_waiting = before_waiting
        self._reader = frames.FrameReader(max_frame_bytes=MAX_MESSAGE_BYTES)
        self._pending: list[dict[str, Any]] = []
        self._n_questions = 0
        self._depth = 0
        self._thread = threading.get_ident()
        self.broken = False
        self.ended = False
        """Whether the other side has closed its end, as a process does that dies."""

    def ask(
        self, question: dict[str, Any], perform: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        """Send, and wait for the answer; `perform` is called for what is asked back.

        Raises:
            LinkLost: there will be no answer.
            TooLarge: nothing was sent.
        """
        return self.answer_to(self.begin(question), perform)

    def begin(self, question: dict[str, Any]) -> int:
        """Send alone; answers come, and are waited for, in the order of questions.

        Raises:
            LinkLost: there will be no answer.
            TooLarge: nothing was sent.
        """
        if self.broken:
            raise LinkLost("the candidate's process is gone")
        if threading.get_ident() != self._thread:
            raise RuntimeError("what lives in another process is for one thread alone")
        if self._depth >= MAX_DEPTH:
            raise RecursionError("maximum recursion depth exceeded")
        data = encoded({**question, "q": self._n_questions + 1})
        self._n_questions += 1
        self._send(data)
        return self._n_questions

    def answer_to(
        self, number: int, perform: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        """Wait for it; raises `LinkLost` as `ask` does."""
        self._depth += 1
        done = False
        try:
            while True:
                message = self._receive()
                if "a" in message:
                    if message["a"] != number:
                        raise LinkLost("answered what was not asked")
                    done = True
                    return message
                perform(message)
        finally:
            self._depth -= 1
            # A question that was left open by an interruption spoils all that follow.
            self.broken = self.broken or not done

    def tell(self, message: dict[str, Any]) -> None:
        """Send what needs no answer, or is one.

        Raises:
            TooLarge: nothing was sent.
        """
        self._send(encoded(message))

    def next(self) -> dict[str, Any]:
        """Wait for a question.

        Raises:
            LinkLost: the other side is gone.
        """
        return self._receive()

    @property
    def has_word(self) -> bool:
        """Whether something has come that was not read yet."""
        return bool(self._pending or _select([self._descriptor], [], [], 0)[0])

    @property
    def idle(self) -> bool:
        return self._depth == 0

    def _send(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[_write(self._descriptor, rest) :]
        except BrokenPipeError as error:
            self.ended = True
            raise LinkLost(str(error)) from None
        except OSError as error:
            raise LinkLost(str(error)) from None

    def _receive(self) -> dict[str, Any]:
        while not self._pending:
            if self._before_waiting is not None and not self.has_word:
                self._before_waiting()
            try:
                data = _read(self._descriptor, _READ_BYTES)
                if not data:
                    self.ended = True
                    raise LinkLost("the candidate's process has ended")
                self._pending.extend(self._reader.feed(data))
            except ConnectionResetError as error:
                self.ended = True
                raise LinkLost(str(error)) from None
            except (OSError, frames.FrameError) as error:
                raise LinkLost(str(error)) from None
        return self._pending.pop(0)


def encoded(message: dict[str, Any]) -> bytes:
    try:
        data = frames.encode(message)
    except (RecursionError, ValueError) as error:
        raise TooLarge(f"cannot be passed on: {error}") from None
    if len(data) > MAX_MESSAGE_BYTES:
        raise TooLarge(f"{len(data)} bytes at once are more than can be passed on")
    return data


def packed(graph: Graph, *values: object) -> dict[str, Any]:
    """The part of a message that holds values."""
    wires, nodes = graph.pack(*values)
    return {"v": wires, "n": nodes}


def unpacked(graph: Graph, message: dict[str, Any]) -> list[Any]:
    """Read that part, and what is to be forgotten after it.

    Raises:
        Unreadable: it is not one.
    """
    graph.absorb(message.get("n", []))
    values = graph.values(message.get("v", []))
    graph.forget(message.get("drop", []))
    return values


__all__ = [
    "Link", "LinkLost", "TooLarge", "Unreadable", "packed", "unpacked",
]  # fmt: skip
