"""One target's search as work that can be done anywhere."""

import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from orps_search.candidate import INITIAL_ID
from orps_search.events import SearchEvent
from orps_server.batch.found import Found, fault_found, found_of
from orps_server.batch.pages import Brought
from orps_server.batch.parcel import Parcel
from orps_server.document import Result
from orps_server.engine import Job, open_job
from orps_server.faults import WORLD_FAULTS, fault_of, model_fault
from orps_server.journaling import Journaled
from orps_server.preparation import GenerateRequest
from orps_server.resumption import Resumption, interrupted
from orps_server.settings import Settings
from orps_server.store.journal import SearchJournal
from orps_server.store.rows import Header
from orps_server.store.store import StoredSearch
from orps_server.workspace import relative_posix


class Journals(Protocol):
    """`orps_server.journaling.Journals`, or what stands in for it elsewhere."""

    def begin(
        self,
        search_id: str,
        job: Journaled,
        settings: Settings,
        resumed: Resumption | None = None,
    ) -> SearchJournal: ...

    def end(self, journal: SearchJournal) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """Finds the target, searches, and tells what was found."""

    request: GenerateRequest
    root: Path
    """The project's, on the machine that asks."""
    shown: str
    """The file as the person named it."""
    settings: Settings
    parcel: Parcel | None
    """The project, where it has to be brought along."""
    past: StoredSearch | None = None
    """The search to go on with, if target and tests are still as they were."""
    search_id: str = field(default_factory=lambda: secrets.token_hex(4))

    @property
    def header(self) -> Header:
        """Where the search belongs, on the machine that asks."""
        return Header(
            search_id=self.search_id,
            root=str(self.root),
            file=str(self.request.file),
            qualname=self.request.qualname,
        )

    async def perform(self) -> Found:
        """On whatever machine; the journal comes along with what was found."""
        brought = Brought()
        found = await self.searched(brought)
        return replace(found, pages=brought.pages)

    async def searched(self, journals: Journals) -> Found:
        try:
            if self.parcel is None:
                return await self._search(self.request, journals)
            inside = relative_posix(self.request.file, self.root)
            with self.parcel.unpacked() as root:
                request = replace(self.request, file=root / inside)
                return await self._search(request, journals)
        except WORLD_FAULTS as error:
            return fault_found(fault_of(error))

    async def _search(self, request: GenerateRequest, journals: Journals) -> Found:
        async with open_job(request, self.settings) as job:
            resumed = self._resumed(job)
            journal = journals.begin(self.search_id, job, self.settings, resumed)
            try:
                found = await job.search(_unheard, journal=journal, resumed=resumed)
            finally:
                journals.end(journal)
            failed = model_fault(found)
            if failed and all(each.id == INITIAL_ID for each in found.ranking):
                return fault_found(failed)
            return found_of(
                Result(
                    problem=job.problem,
                    file=self.shown,
                    encoding=job.workbench.preparation.source.encoding,
                    policy=resumed.config.policy if resumed else job.policy,
                    proposer=job.proposer,
                    stop_reason=found.stop_reason.value,
                    usage=found.usage,
                    ranking=found.ranking,
                    search_id=self.search_id,
                )
            )

    def _resumed(self, job: Job) -> Resumption | None:
        if self.past is None:
            return None
        return interrupted(self.past, job.problem)


async def _unheard(event: SearchEvent) -> None:
    """Of a hundred searches, only what they found is told."""
