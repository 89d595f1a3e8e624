"""Records of one search on their way to the database.

They wait in memory until the thread has a turn, and are committed together. When a
commit fails (a full disk, a lock that somebody keeps) they wait for the next one, up
to a bound, and the search goes on without waiting for them; people are warned once.
"""

import sqlite3
import threading
import time
from asyncio import wrap_future
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

import anyio

from orps_search.journal.codec import JournalFault, encode
from orps_search.journal.entries import Record
from orps_server.store.database import Database
from orps_server.store.rows import Header
from orps_server.store.thread import DatabaseThread

MAX_WAITING_BYTES = 16 * 1024 * 1024
WAIT_SECONDS = 2.5
"""How long a completed call waits to be safe; a lock is waited for a little less."""

_FAILURES = (sqlite3.Error, OSError, JournalFault)


@dataclass(slots=True, kw_only=True)
class _Batch:
    records: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    n_bytes: int = 0

    def add(self, other: "_Batch") -> None:
        self.records += other.records
        self.texts |= other.texts
        self.n_bytes += other.n_bytes


class StoredSink:
    """Writes one search; of one process at a time."""

    def __init__(
        self,
        thread: DatabaseThread,
        header: Header,
        *,
        is_new: bool,
        clean: Callable[[str], str],
        max_bytes: int,
        warn: Callable[[str], None],
    ) -> None:
        """Every text passes `clean`, which takes secrets out, before it is kept.

        `warn` may be called from another thread.
        """
        self._thread = thread
        self._header = header
        self._clean = clean
        self._max_bytes = max_bytes
        self._warn = warn
        self._has_begun = not is_new
        self._lock = threading.Lock()
        """Of the batch that waits, which two threads change."""
        self._waiting = _Batch()
        self._is_queued = False
        self._is_failing = False
        self._is_given_up = False

    def write(self, record: Record, texts: Mapping[str, str]) -> None:
        if self._is_given_up:
            return
        body = encode(record, self._clean)
        kept = {digest: self._clean(text) for digest, text in texts.items()}
        n_bytes = len(body) + sum(map(len, kept.values()))
        with self._lock:
            self._waiting.add(
                _Batch(records=[(record.seq, body)], texts=kept, n_bytes=n_bytes)
            )
            must_queue, self._is_queued = not self._is_queued, True
        if self._waiting.n_bytes > MAX_WAITING_BYTES:
            self._give_up("nothing could be written for too long")
        elif must_queue:
            self._queue_flush()

    async def written(self) -> None:
        if self._is_given_up or self._is_failing:
            return
        with anyio.move_on_after(WAIT_SECONDS), suppress(*_FAILURES):
            await wrap_future(self._queue_flush())

    def finish(self) -> None:
        """Nobody writes here any more."""
        self._queue_flush()
        self._thread.submit(self._release)

    def _queue_flush(self) -> "Future[None]":
        flushed = self._thread.submit(self._flush)
        flushed.add_done_callback(self._heed)
        return flushed

    def _release(self, database: Database) -> None:
        database.release([self._header.search_id])

    def _flush(self, database: Database) -> None:
        """In the thread, as all below."""
        with self._lock:
            batch, self._waiting = self._waiting, _Batch()
            self._is_queued = False
        if not batch.records or self._is_given_up:
            return
        try:
            n_bytes = self._write(database, batch)
        except BaseException:
            with self._lock:
                batch.add(self._waiting)
                self._waiting = batch
            raise
        self._is_failing = False
        if n_bytes > self._max_bytes:
            self._give_up(f"it has grown beyond {self._max_bytes // 1024**2} MiB")

    def _write(self, database: Database, batch: _Batch) -> int:
        n_bytes = database.append(
            self._header,
            batch.records,
            batch.texts,
            time.time(),
            is_new=not self._has_begun,
        )
        self._has_begun = True
        return n_bytes

    def _heed(self, flushed: "Future[None]") -> None:
        """Look at how a flush ended, also where the file did not even open."""
        error = None if flushed.cancelled() else flushed.exception()
        if error is None:
            return
        with self._lock:
            self._is_queued = False
        if isinstance(error, sqlite3.IntegrityError):
            # Somebody has cleared the store, or is writing the same search.
            self._give_up("it was removed from the store meanwhile")
        elif not self._is_failing:
            self._is_failing = True
            self._warn(
                f"This search cannot be written down at the moment ({error}). It goes "
                "on, but would be lost if it were killed."
            )

    def _give_up(self, reason: str) -> None:
        if not self._is_given_up:
            self._is_given_up = True
            self._warn(f"This search is not written down any further: {reason}.")
