"""One search of a command line: begun or gone on with, journalled, and shown at its end."""

import secrets
from dataclasses import dataclass, field, replace

from orps_sandbox.errors import SandboxError
from orps_search.candidate import INITIAL_ID
from orps_search.events import (
    Progressed,
    ReplyRejected,
    SearchEvent,
    SearchResult,
    StopReason,
)
from orps_search.finalists import finalists, with_costs
from orps_search.journal.entries import Measured
from orps_search.journal.seam import Journal
from orps_server.cli.interruption import until_interrupted
from orps_server.cli.options import Output
from orps_server.cli.presentation import present
from orps_server.cli.progress import Reporter
from orps_server.cli.reporting import open_reporter
from orps_server.cli.requests import settings_for
from orps_server.cli.shortfall import shortfall
from orps_server.cli.status import ExitStatus, status_of
from orps_server.cli.streams import tell
from orps_server.cli.writing import write_best
from orps_server.document import Result
from orps_server.engine import GenerateRequest, Job, open_job
from orps_server.faults import model_fault
from orps_server.journaling import Journals
from orps_server.resumption import resumption
from orps_server.settings import Settings, settings_from_json
from orps_server.store.store import SearchStore, StoredSearch
from orps_server.workspace import folder_root

CLOSE_SECONDS = 3.0
"""How long a command waits at its end for a disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOrder:
    request: GenerateRequest
    overrides: dict[str, object]
    output: Output
    file: str
    """As the person named it."""
    stored: StoredSearch | None = None
    """The search to go on with."""
    search_id: str = field(default_factory=lambda: secrets.token_hex(4))


async def run_order(order: SearchOrder) -> ExitStatus:
    """Search, then show, print or write what was found."""
    store = SearchStore(warn=tell)
    try:
        with open_reporter() as reporter:
            run = _Run(order, reporter, store)
            found = await until_interrupted(run.search)
    finally:
        store.close(CLOSE_SECONDS)
    if run.job is None:
        return ExitStatus.INTERRUPTED
    # What was found stays found if only its measuring was interrupted.
    found = found or run.found
    if found is None:
        return _interrupted(order, run)
    return _finished(order, run.job, found, run.rejected)


class _Run:
    """One search, and how far it came: what is left when it is interrupted."""

    def __init__(
        self, order: SearchOrder, reporter: Reporter, store: SearchStore
    ) -> None:
        self._order = order
        self._reporter = reporter
        self._journals = Journals(store)
        self.job: Job | None = None
        self.progress: Progressed | None = None
        self.rejected: ReplyRejected | None = None
        self.found: SearchResult | None = None
        self.is_journaled = False

    async def search(self) -> SearchResult:
        order = self._order
        root = folder_root(order.request.file.parent)
        settings = settings_for(root, order.overrides)
        resumed = None
        if order.stored is not None:
            given, _ = settings_from_json(order.overrides)
            resumed = resumption(order.stored, given)
            settings = resumed.settings(settings)
        async with open_job(order.request, settings) as job:
            self.job = job
            self._reporter.started(job)
            self.is_journaled = settings.journal.enabled
            journal = self._journals.begin(order.search_id, job, settings, resumed)
            try:
                self.found = await job.search(
                    self._publish, journal=journal, resumed=resumed
                )
                return await self._measured(job, self.found, journal, settings)
            finally:
                self._journals.end(journal)

    async def _measured(
        self, job: Job, found: SearchResult, journal: Journal, settings: Settings
    ) -> SearchResult:
        """The same, its finalists measured and in the order that follows."""
        seconds = settings.search.profile_seconds
        n_finalists = len(finalists(found.ranking))
        if not seconds or not n_finalists:
            return found
        self._reporter.measuring(n_finalists)
        try:
            costs = await job.workbench.costs(found.ranking, seconds=seconds)
        except SandboxError as error:
            tell(f"what the candidates cost cannot be measured: {error}")
            return found
        for candidate, measured in costs.items():
            journal.append(Measured(candidate=candidate, costs=measured), {})
        await journal.saved()
        return replace(found, ranking=with_costs(found.ranking, costs))

    async def _publish(self, event: SearchEvent) -> None:
        if isinstance(event, Progressed):
            self.progress = event
            self._reporter.progressed(event)
        elif isinstance(event, ReplyRejected):
            self.rejected = event


def _finished(
    order: SearchOrder, job: Job, found: SearchResult, rejected: ReplyRejected | None
) -> ExitStatus:
    if fault := model_fault(found):
        if all(candidate.id == INITIAL_ID for candidate in found.ranking):
            raise fault
        tell(str(fault))
    elif reason := shortfall(found, rejected):
        tell(reason)
    result = _result(order, job, found)
    if order.output is Output.WRITE:
        write_best(result, job.workbench.preparation.source)
    present(result, order.output)
    return status_of(result.ranking)


def _interrupted(order: SearchOrder, run: _Run) -> ExitStatus:
    """Show what was executed before; half a search is never written to a file."""
    progress = run.progress
    if run.job is not None and progress is not None and progress.ranking:
        found = SearchResult(
            ranking=progress.ranking,
            stop_reason=StopReason.CANCELLED,
            usage=progress.usage,
        )
        present(_result(order, run.job, found), order.output)
    if run.is_journaled:
        tell(f"Go on with: orps-lsp resume {order.search_id}")
    return ExitStatus.INTERRUPTED


def _result(order: SearchOrder, job: Job, found: SearchResult) -> Result:
    return Result(
        problem=job.problem,
        file=order.file,
        encoding=job.workbench.preparation.source.encoding,
        policy=order.stored.state().config.policy if order.stored else job.policy,
        proposer=job.proposer,
        stop_reason=found.stop_reason.value,
        usage=found.usage,
        ranking=found.ranking,
        search_id=order.search_id,
    )
