"""The one thread that touches the database; the event loop never waits for a disk.

It opens the file at the first job. A damaged file is moved aside and begun anew. What
else goes wrong is the job's own: a full disk may have room again, a lock be given back.
"""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from orps_server.store.database import Database, move_aside

T = TypeVar("T")
_Job = tuple[Callable[[Database], Any], Future[Any]]


class DatabaseThread:
    """A daemon, so that no disk keeps a process from ending."""

    def __init__(self, file: Path, *, warn: Callable[[str], None]) -> None:
        """`warn` is called from the thread."""
        self._file = file
        self._warn = warn
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, daemon=True, name="store")

    def submit(self, job: Callable[[Database], T]) -> "Future[T]":
        """Do a job after those before it; the future holds what it raised."""
        if self._thread.ident is None:
            self._thread.start()
        future: Future[T] = Future()
        self._jobs.put((job, future))
        return future

    def close(self) -> None:
        """Let it end after its last job; does not wait."""
        self._jobs.put(None)

    def join(self, seconds: float) -> None:
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _work(self) -> None:
        database: Database | None = None
        while (job := self._jobs.get()) is not None:
            work, future = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                database = database or self._opened()
                future.set_result(work(database))
            except Exception as error:  # noqa: BLE001 - whose job it was will look
                future.set_exception(error)
                if _is_damage(error) and database is not None:
                    database.close()
                    database = None
                    self._begin_anew(error)
        if database is not None:
            database.close()

    def _opened(self) -> Database:
        try:
            return Database(self._file)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            self._begin_anew(error)
        return Database(self._file)

    def _begin_anew(self, error: Exception) -> None:
        aside = move_aside(self._file)
        self._warn(
            f"The file of past searches was damaged; it is kept as {aside}, and a new "
            f"one is begun ({error})."
        )


def _is_damage(error: BaseException) -> bool:
    """Not a lock or a full disk: the file itself is not what it should be."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
