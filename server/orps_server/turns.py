"""Whose turn it is: so many searches of one project at a time, the others in a line.

First come, first served. Who leaves the line, or ends, lets the next one in.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

Place = Callable[[int], None]
"""Told each time that the place in the line changes, counted from 1."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Waiting:
    tell: Place
    admitted: anyio.Event = field(default_factory=anyio.Event)


class Turns:
    """Of one project; used from one event loop."""

    def __init__(self) -> None:
        self._n_running = 0
        self._line: list[_Waiting] = []

    @asynccontextmanager
    async def turn(self, n_at_a_time: int, tell: Place) -> AsyncGenerator[None]:
        """Wait for a turn, and have it inside; `tell` is not called without a wait."""
        if self._line or self._n_running >= n_at_a_time:
            await self._wait(tell)
        else:
            self._n_running += 1
        try:
            yield
        finally:
            self._n_running -= 1
            self._admit_next()

    async def _wait(self, tell: Place) -> None:
        waiting = _Waiting(tell=tell)
        self._line.append(waiting)
        tell(len(self._line))
        try:
            await waiting.admitted.wait()
        except BaseException:
            if waiting.admitted.is_set():
                # Its turn came and it was cancelled at the same moment.
                self._n_running -= 1
                self._admit_next()
            else:
                self._line.remove(waiting)
                self._tell_all()
            raise

    def _admit_next(self) -> None:
        """One left, so one may come."""
        if self._line:
            self._n_running += 1
            self._line.pop(0).admitted.set()
            self._tell_all()

    def _tell_all(self) -> None:
        for idx, waiting in enumerate(self._line):
            waiting.tell(idx + 1)
