"""Looks at what a search has found once more, in the background, when it has ended.

Candidates that pass every test are made to disagree, the best of them is changed to see
what the tests notice, and what the finalists cost is measured. Nobody waits for it;
whatever is started next cancels it.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Protocol

from orps_sandbox.errors import SandboxError
from orps_sandbox.program import Project
from orps_search.candidate import Candidate
from orps_search.distinguish import Comparison
from orps_search.finalists import Costs
from orps_search.problem import Problem
from orps_search.strength import Strength
from orps_server.configuration import Configuration
from orps_server.errors import RequestFault
from orps_server.freshness import request_of
from orps_server.insight import Insight
from orps_server.open_files import OpenFiles
from orps_server.preparation import GenerateRequest
from orps_server.searches import Search, State
from orps_server.session import Session
from orps_server.settings import SearchSettings, Settings


class Examiner(Protocol):
    """What is needed of `orps_server.engine.Workbench`."""

    @property
    def problem(self) -> Problem: ...

    @property
    def project(self) -> Project: ...

    async def compare(
        self, ranking: tuple[Candidate, ...], *, seed: int = 0
    ) -> Comparison: ...

    async def strength(
        self, winner: Candidate, *, max_seconds: float = ...
    ) -> Strength: ...

    async def costs(
        self, ranking: tuple[Candidate, ...], *, seconds: float
    ) -> Costs: ...


OpenExaminer = Callable[
    [GenerateRequest, Settings], AbstractAsyncContextManager[Examiner]
]


class Examination:
    def __init__(
        self,
        *,
        session: Session,
        files: OpenFiles,
        configuration: Configuration,
        open_examiner: OpenExaminer,
        changed: Callable[[Search], None],
    ) -> None:
        """`changed` is called when there is something new to see of a search."""
        self._session = session
        self._files = files
        self._configuration = configuration
        self._open_examiner = open_examiner
        self._changed = changed

    def begin(self, search: Search) -> None:
        """Begin where there is something to look at; returns at once."""
        best = search.best
        if search.progress.state is not State.DONE or best is None:
            return
        if self._session.is_closed:
            return
        if best.outcome.all_passed:
            self._session.attend(search, partial(self._run, search))

    async def _run(self, search: Search) -> None:
        settings = await self._configuration.of(search.key.path, None)
        if not (settings.search.examine_seconds or settings.search.profile_seconds):
            return
        request = request_of(search, self._files.buffers())
        with search.examination:
            try:
                async with self._open_examiner(request, settings) as bench:
                    await self._look(search, bench, settings.search)
            except (RequestFault, SandboxError):
                # The tests or the target have changed meanwhile; nobody asked.
                return

    async def _look(
        self, search: Search, bench: Examiner, settings: SearchSettings
    ) -> None:
        if seconds := settings.examine_seconds:
            ranking = search.offered
            comparison = await bench.compare(ranking, seed=settings.seed or 0)
            strength = await bench.strength(ranking[0], max_seconds=seconds)
            search.examined(
                Insight(
                    problem=bench.problem,
                    root=bench.project.root,
                    comparison=comparison,
                    strength=strength,
                )
            )
            self._changed(search)
        if seconds := settings.profile_seconds:
            search.measured(await bench.costs(search.offered, seconds=seconds))
            self._changed(search)
