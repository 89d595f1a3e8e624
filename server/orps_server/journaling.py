"""From a search that begins or goes on to its journal, stored if people want that."""

from collections.abc import Callable
from typing import Protocol

from orps_server.resumption import Resumption
from orps_server.settings import Settings
from orps_server.store.journal import SearchJournal
from orps_server.store.rows import Header
from orps_server.store.store import Keeping, SearchStore

_MIB = 1024 * 1024


class Journaled(Protocol):
    """What a journal has to know of a job."""

    def header(self, search_id: str) -> Header: ...

    @property
    def clean(self) -> Callable[[str], str]:
        """Takes secrets out of a text that is kept."""
        ...


class Journals:
    """Of one process; without a store, all of them are in memory only."""

    def __init__(self, store: SearchStore | None = None) -> None:
        self._store = store

    def begin(
        self,
        search_id: str,
        job: Journaled,
        settings: Settings,
        resumed: Resumption | None = None,
    ) -> SearchJournal:
        """`end` it, whatever happens."""
        records = resumed.stored.records if resumed else ()
        if self._store is None or not settings.journal.enabled:
            return SearchJournal(search_id, None, records)
        self._store.keep(keeping_of(settings))
        header = resumed.stored.header if resumed else job.header(search_id)
        return self._store.journal(header, clean=job.clean, past=records)

    def end(self, journal: SearchJournal) -> None:
        """The search has ended, in whatever way."""
        if self._store is not None:
            self._store.finish(journal)


def keeping_of(settings: Settings) -> Keeping:
    return Keeping(
        max_bytes=settings.journal.max_mb * _MIB,
        max_days=settings.journal.max_days,
        prompts=settings.log.prompts,
    )
