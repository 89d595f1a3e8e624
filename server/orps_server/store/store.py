"""All searches that this machine remembers; the door to them for both front ends."""

import sqlite3
import time
from asyncio import wrap_future
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from orps_search.journal.codec import JournalFault, decode
from orps_search.journal.entries import Record
from orps_search.journal.fold import SearchState, fold
from orps_server.errors import RequestFault
from orps_server.store.database import Database
from orps_server.store.journal import SearchJournal
from orps_server.store.peek import store_file
from orps_server.store.rows import Header, Row
from orps_server.store.sink import StoredSink
from orps_server.store.thread import DatabaseThread

T = TypeVar("T")

CLOSE_SECONDS = 0.3
_MIB = 1024 * 1024
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How much is kept, and for how long."""

    max_bytes: int = 256 * _MIB
    max_days: int = 30
    prompts: bool = False
    """Whether prompts are kept word for word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSearch:
    """A search with its records."""

    row: Row
    records: tuple[Record, ...]

    @property
    def header(self) -> Header:
        return self.row.header

    def state(self) -> SearchState:
        """Raise `JournalFault` when the records make no search."""
        return fold(self.records)


class SearchStore:
    """Reads raise `RequestFault`; writes never do, a search goes on without them."""

    def __init__(
        self,
        *,
        warn: Callable[[str], None],
        keeping: Keeping | None = None,
        file: Path | None = None,
    ) -> None:
        """`warn` may be called from another thread; nothing is opened yet."""
        self._warn = warn
        self._keeping = keeping or Keeping()
        self._file = file or store_file()
        self._thread = DatabaseThread(self._file, warn=warn)
        self._sinks: list[StoredSink] = []

    @property
    def file(self) -> Path:
        return self._file

    def keep(self, keeping: Keeping) -> None:
        """What people set may come late, and change."""
        self._keeping = keeping

    def journal(
        self,
        header: Header,
        *,
        clean: Callable[[str], str],
        past: Iterable[Record] = (),
    ) -> SearchJournal:
        """Begin the journal of a search, or go on with it where there is a past."""
        known = tuple(past)
        sink = StoredSink(
            self._thread,
            header,
            is_new=not known,
            clean=clean,
            max_bytes=self._keeping.max_bytes,
            warn=self._warn,
        )
        self._sinks.append(sink)
        return SearchJournal(
            header.search_id, sink, known, keeps_prompts=self._keeping.prompts
        )

    def finish(self, journal: SearchJournal) -> None:
        """The search has ended, in whatever way; also the time to forget old ones."""
        sink = journal.sink
        if isinstance(sink, StoredSink) and sink in self._sinks:
            self._sinks.remove(sink)
            sink.finish()
            # Somebody else may go on with it now, whose records would collide.
            journal.sink = None
            self.prune()

    def prune(self) -> None:
        oldest = time.time() - self._keeping.max_days * _DAY_SECONDS
        max_bytes = self._keeping.max_bytes
        self._thread.submit(
            lambda database: database.prune(max_bytes=max_bytes, oldest=oldest)
        )

    async def rows(self) -> tuple[Row, ...]:
        """Newest first; empty where nothing was ever stored."""
        if not self._file.exists():
            return ()
        return await self.do(Database.rows)

    async def rows_of(self, file: Path) -> tuple[Row, ...]:
        if not self._file.exists():
            return ()
        return await self.do(lambda database: database.rows_of(str(file)))

    async def load(self, search_id: str) -> StoredSearch:
        """By its id or the beginning of it, if no other begins so."""
        if not self._file.exists():
            raise _unknown(search_id)
        return await self.do(lambda database: _load(database, search_id))

    async def claim(self, search_id: str) -> None:
        """Take a search over, so that nobody else does."""
        if not await self.do(lambda database: database.claim(search_id)):
            raise RequestFault(
                f"The search {search_id} is running in another process.",
                kind="badRequest",
                hint="Stop it there first.",
            )

    async def text(self, search_id: str, digest: str) -> str | None:
        return await self.do(lambda database: database.text(search_id, digest))

    async def clear(self) -> int:
        """Forget all but what runs; says how many that were."""
        if not self._file.exists():
            return 0
        return await self.do(Database.clear)

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Write what waits, within a bounded time."""
        for sink in self._sinks:
            sink.finish()
        self._thread.close()
        self._thread.join(seconds)

    async def do(self, job: Callable[[Database], T]) -> T:
        """Do a job with the database, after all that was handed in before."""
        try:
            return await wrap_future(self._thread.submit(job))
        except (sqlite3.Error, OSError) as error:
            raise RequestFault(
                f"The past searches in {self._file} cannot be read: {error}.",
                kind="internal",
            ) from error
        except JournalFault as error:
            raise RequestFault(str(error), kind="badRequest") from error


def _load(database: Database, prefix: str) -> StoredSearch:
    found = database.matching(prefix)
    if prefix in found:
        found = (prefix,)
    if len(found) > 1:
        raise RequestFault(
            f"{len(found)} searches begin with {prefix!r}: {', '.join(found[:5])}.",
            kind="badRequest",
        )
    row = database.row(found[0]) if found else None
    if row is None:
        raise _unknown(prefix)
    records = tuple(map(decode, database.records(row.header.search_id)))
    return StoredSearch(row=row, records=records)


def _unknown(search_id: str) -> RequestFault:
    return RequestFault(
        f"There is no search {search_id!r} in the store.",
        kind="badRequest",
        hint="`orps-lsp searches` lists those that there are.",
    )
