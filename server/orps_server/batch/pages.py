"""The journal of a search that runs on another machine: it comes back with the result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from orps_search.journal.codec import decode, encode
from orps_search.journal.entries import Record
from orps_server.journaling import Journaled
from orps_server.resumption import Resumption
from orps_server.settings import Settings
from orps_server.store.journal import SearchJournal
from orps_server.store.rows import Header
from orps_server.store.store import SearchStore, StoredSearch


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What was written down of one search; without secrets."""

    records: tuple[str, ...]
    texts: Mapping[str, str]

    def keep(
        self, store: SearchStore, header: Header, past: StoredSearch | None
    ) -> None:
        """Hand them to the store of this machine, behind what it had before."""
        journal = store.journal(header, clean=str, past=past.records if past else ())
        for idx, line in enumerate(self.records):
            journal.take(decode(line), {} if idx else self.texts)
        store.finish(journal)


@dataclass(slots=True)
class _Writer:
    clean: Callable[[str], str]
    records: list[str] = field(default_factory=list[str])
    texts: dict[str, str] = field(default_factory=dict[str, str])

    def write(self, record: Record, texts: Mapping[str, str]) -> None:
        self.records.append(encode(record, self.clean))
        self.texts |= {digest: self.clean(text) for digest, text in texts.items()}

    async def written(self) -> None: ...


class Brought:
    """As `Journals`, for one search and without a disk."""

    def __init__(self) -> None:
        self._writer: _Writer | None = None

    @property
    def pages(self) -> Pages | None:
        """`None` if the search never began, or nobody wants to keep it."""
        if self._writer is None:
            return None
        return Pages(records=tuple(self._writer.records), texts=self._writer.texts)

    def begin(
        self,
        search_id: str,
        job: Journaled,
        settings: Settings,
        resumed: Resumption | None = None,
    ) -> SearchJournal:
        records = resumed.stored.records if resumed else ()
        if settings.journal.enabled:
            self._writer = _Writer(job.clean)
        return SearchJournal(search_id, self._writer, records)

    def end(self, journal: SearchJournal) -> None: ...
