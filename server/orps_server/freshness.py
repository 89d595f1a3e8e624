"""Notices when tests or the module around a searched function have changed.

Typing asks for a look; one is taken when nobody has typed for a moment, in a thread,
and only where a changed file can matter. What has changed is told with the candidates,
which are then executed again as soon as no search runs.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import anyio

from orps_server.basis import Basis, take_basis
from orps_server.parsing_thread import in_parsing_thread
from orps_server.preparation import GenerateRequest
from orps_server.searches import Search
from orps_server.session import Session

IDLE_SECONDS = 1.0
_TEST_FILES = ("test_*.py", "*_test.py", "conftest.py")

NEW_TESTS = "verified against older tests"
NEW_CONTEXT = "verified in an older version of the file"


class Freshness:
    def __init__(
        self,
        *,
        session: Session,
        buffers: Callable[[], Mapping[Path, str]],
        changed: Callable[[Search], None],
        renew: Callable[[Search], None],
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        """Call `changed` when a search is found out of date, or up to date again.

        `renew` is called when its candidates should be executed again.
        """
        self._session = session
        self._buffers = buffers
        self._changed = changed
        self._renew = renew
        self._idle_seconds = idle_seconds
        self._touched: set[Path | None] = set()
        self._asked = anyio.Event()

    def touch(self, path: Path | None) -> None:
        """A file has changed; `None` for who knows which."""
        self._touched.add(path)
        self._asked.set()

    async def watch(self) -> None:
        """Look whenever typing pauses; ends with its task."""
        while True:
            await self._asked.wait()
            while self._asked.is_set():
                self._asked = anyio.Event()
                with anyio.move_on_after(self._idle_seconds):
                    await self._asked.wait()
            touched, self._touched = self._touched, set()
            for search in self._session.searches:
                if _concerns(search, touched):
                    await self._look(search)

    async def _look(self, search: Search) -> None:
        before = search.basis
        now = await in_parsing_thread(take_basis, request_of(search, self._buffers()))
        # Somebody may have generated again, or verified, while the files were read.
        if before is None or now is None or search.is_busy or search.basis != before:
            return
        reason = changed_since(before, now)
        if reason == search.progress.outdated and reason is None:
            return
        search.outdate(reason)
        self._changed(search)
        idle = not any(other.is_busy for other in self._session.searches)
        if reason and idle:
            self._renew(search)


def request_of(search: Search, buffers: Mapping[Path, str]) -> GenerateRequest:
    """The search's own request, for the texts as they are now."""
    return GenerateRequest(
        file=search.key.path,
        qualname=search.key.qualname,
        tests=search.tests,
        buffers=buffers,
    )


def changed_since(before: Basis, now: Basis) -> str | None:
    if before.tests != now.tests:
        return NEW_TESTS
    return NEW_CONTEXT if before.context != now.context else None


def _concerns(search: Search, touched: set[Path | None]) -> bool:
    if search.is_busy or search.basis is None or not search.progress.ranking:
        return False
    known = search.basis.paths
    return any(
        path is None or path in known or any(path.match(name) for name in _TEST_FILES)
        for path in touched
    )
