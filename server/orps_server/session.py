"""All searches of one connection: started, joined, superseded, supervised, cancelled.

One function has one search. A request equal to the one that is running joins it; any
other supersedes it. Each search is a task of its own, so whatever goes wrong in it
ends there, and its cancel scope is the one mechanism behind every way to stop it.
Watchers (progress, diagnostics) run beside a search, outside of its scope: they see
the cancellation as a state and have their last word.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import anyio
from anyio.abc import TaskGroup

from orps_sandbox.flakiness import FlakyCase
from orps_search.config import Budget
from orps_search.events import SearchEvent, SearchResult
from orps_search.journal.seam import Journal
from orps_search.source.target import Target
from orps_server.engine import GenerateRequest
from orps_server.errors import RequestFault
from orps_server.faults import budget_fault, fault_in, model_fault
from orps_server.journaling import Journals
from orps_server.resumption import Resumption
from orps_server.searches import FunctionKey, Search, State
from orps_server.settings import Settings
from orps_server.store.rows import Header
from orps_server.turns import Turns

logger = logging.getLogger(__name__)

CLOSE_SECONDS = 0.8
"""A client may kill a server that takes a second to shut down."""


class Job(Protocol):
    """What the session needs of `orps_server.engine.Job`."""

    @property
    def proposer(self) -> str: ...

    @property
    def notes(self) -> tuple[str, ...]: ...

    @property
    def budget(self) -> Budget: ...

    @property
    def flaky(self) -> tuple[FlakyCase, ...]: ...

    @property
    def clean(self) -> Callable[[str], str]: ...

    def header(self, search_id: str) -> Header: ...

    async def require_unsolved(self) -> None:
        """Raise `RequestFault` when the tests would take the stub as it is."""
        ...

    async def search(
        self,
        publish: Callable[[SearchEvent], Awaitable[None]],
        *,
        journal: Journal,
        resumed: Resumption | None,
    ) -> SearchResult: ...


OpenJob = Callable[[GenerateRequest, Settings], AbstractAsyncContextManager[Job]]
Watcher = Callable[[Search], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A checked request for a search."""

    uri: str
    request: GenerateRequest
    origin: Target
    overrides: object = None
    """Settings that were given with the request."""
    settings: Callable[[], Awaitable[Settings]]
    """Waited for inside the search: the editor may not have sent them yet."""
    fingerprint: str
    root: Path
    """Of the project, which has a queue of its own."""
    admit: Callable[[Settings, Callable[[], None]], Awaitable[None]]
    """Returns when people agree that it runs; calls back before it asks them."""
    resumed: Resumption | None = None
    """Go on with this one."""

    def going_on_with(self, resumed: Resumption) -> "Order":
        return replace(self, resumed=resumed)


class Session:
    def __init__(
        self,
        *,
        tasks: TaskGroup,
        open_job: OpenJob,
        watchers: Iterable[Watcher],
        journals: Journals | None = None,
    ) -> None:
        self._tasks = tasks
        self._journals = journals or Journals()
        self._turns: dict[Path, Turns] = {}
        self._open_job = open_job
        self._watchers = tuple(watchers)
        self._searches: dict[FunctionKey, Search] = {}
        self._supervised: set[str] = set()
        self._idle = anyio.Event()
        self._closed = False

    @property
    def searches(self) -> tuple[Search, ...]:
        """The latest search of each function, oldest first."""
        return tuple(self._searches.values())

    @property
    def is_closed(self) -> bool:
        """Nothing more may begin."""
        return self._closed

    def in_file(self, path: Path) -> tuple[Search, ...]:
        return tuple(search for search in self.searches if search.key.path == path)

    def by_id(self, search_id: str) -> Search | None:
        return next(
            (search for search in self.searches if search.id == search_id), None
        )

    def renamed(self, old: Path, new: Path, uri: str) -> None:
        """A file has a new name; what was found for its functions goes along."""
        for search in self.in_file(old):
            del self._searches[search.key]
            search.moved(FunctionKey(path=new, qualname=search.key.qualname), uri)
            self._searches[search.key] = search

    def by_key(self, key: FunctionKey) -> Search | None:
        return self._searches.get(key)

    def start(self, order: Order) -> Search:
        """Start the search or join the same one; returns at once."""
        if self._closed:
            raise RequestFault("The server is shutting down.", kind="badRequest")
        key = FunctionKey(path=order.request.file, qualname=order.request.qualname)
        present = self._searches.pop(key, None)
        if present and present.is_running and present.fingerprint == order.fingerprint:
            self._searches[key] = present
            return present
        if present:
            present.scope.cancel()
            present.verification.cancel()
            present.examination.cancel()
        search = Search(
            search_id=_search_id(order),
            uri=order.uri,
            key=key,
            origin=order.origin,
            fingerprint=order.fingerprint,
        )
        search.tests = order.request.tests
        search.overrides = order.overrides
        if present and present.id == search.id:
            # Clients drop what is not newer than what they have of this id.
            search.revision = present.revision
        self._searches[key] = search
        self._supervised.add(search.id)
        self._tasks.start_soon(self._supervise, search, order)
        return search

    def adopt(self, search: Search) -> bool:
        """Know a search of an earlier server; false if its function has one."""
        if self._closed or search.key in self._searches:
            return False
        self._searches[search.key] = search
        return True

    def cancel(self, searches: Iterable[Search]) -> int:
        """Stop those that run or are verified again; says how many that were."""
        stopped = tuple(searches)
        for search in stopped:
            search.examination.cancel()
        busy = [search for search in stopped if search.is_busy]
        for search in busy:
            search.scope.cancel()
            search.verification.cancel()
        return len(busy)

    def attend(self, search: Search, work: Callable[[], Awaitable[None]]) -> None:
        """Do further work on a search that has ended; `close` waits for it, too."""
        if self._closed:
            raise RequestFault("The server is shutting down.", kind="badRequest")
        token = f"{search.id}+{secrets.token_hex(4)}"
        self._supervised.add(token)
        self._tasks.start_soon(self._attend, search, work, token)

    def forget(self, search: Search) -> None:
        """Stop it, and never offer anything of it again."""
        self.cancel([search])
        if self._searches.get(search.key) is search:
            del self._searches[search.key]

    async def close(self) -> None:
        """Stop everything and wait, for a bounded time, until nothing is left."""
        self._closed = True
        self.cancel(self.searches)
        with anyio.move_on_after(CLOSE_SECONDS):
            while self._supervised:
                await self._idle.wait()

    async def _attend(
        self, search: Search, work: Callable[[], Awaitable[None]], token: str
    ) -> None:
        try:
            await work()
        except Exception:
            # As in `_run`: a bug ends this work and nothing else.
            logger.exception("work on the search for %s broke", search.key.qualname)
        finally:
            self._supervised.discard(token)
            self._idle.set()
            self._idle = anyio.Event()

    async def _supervise(self, search: Search, order: Order) -> None:
        try:
            async with anyio.create_task_group() as tasks:
                for watch in self._watchers:
                    tasks.start_soon(watch, search)
                with search.scope:
                    await self._run(search, order)
                # Reached with the search unsettled only when its scope was cancelled.
                search.settle(State.CANCELLED)
        finally:
            self._supervised.discard(search.id)
            self._idle.set()
            self._idle = anyio.Event()

    async def _run(self, search: Search, order: Order) -> None:
        try:
            settings = await order.settings()
            await order.admit(settings, search.await_consent)
            if order.resumed:
                settings = order.resumed.settings(settings)
            turns = self._turns.setdefault(order.root, Turns())
            async with turns.turn(settings.search.at_a_time, search.queue):
                search.begin()
                async with self._open_job(order.request, settings) as job:
                    resumed = order.resumed
                    search.clean = job.clean
                    search.opened(
                        proposer=job.proposer,
                        notes=job.notes,
                        flaky=job.flaky,
                        budget=resumed.budget if resumed else job.budget,
                    )
                    if resumed is None:
                        await job.require_unsolved()
                    result = await self._search(search, job, settings, order)
        except Exception as error:
            # The one place that catches everything: a bug ends one search, not the
            # server and the other searches with it.
            fault = fault_in(error)
            if fault is None:
                logger.exception("the search for %s broke", search.key.qualname)
            search.settle(State.FAILED, fault=fault or _bug())
        else:
            search.settle(State.DONE, fault=model_fault(result) or budget_fault(result))

    async def _search(
        self,
        search: Search,
        job: Job,
        settings: Settings,
        order: Order,
    ) -> SearchResult:
        async def publish(event: SearchEvent) -> None:
            search.record(event)

        resumed = order.resumed
        search.journal = self._journals.begin(search.id, job, settings, resumed)
        try:
            return await job.search(publish, journal=search.journal, resumed=resumed)
        finally:
            self._journals.end(search.journal)


def _search_id(order: Order) -> str:
    if order.resumed is not None:
        return order.resumed.stored.header.search_id
    return secrets.token_hex(4)


def _bug() -> RequestFault:
    return RequestFault(
        "The search failed by a bug in orps-lsp.",
        kind="internal",
        hint="The server's log has the details; please report them.",
    )
