"""The SQLite file: its schema, and every statement that is made to it.

Synchronous; one thread at a time uses a `Database`, any number of processes the file.
Write-ahead logging lets readers and a writer of different processes work side by side,
and `synchronous=FULL` means that what was committed survives a loss of power.

Every method may raise `sqlite3.Error` or `OSError`.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from orps_search.journal.codec import JournalFault
from orps_server.store.rows import NOBODY, Header, Row, this_process

VERSION = 1
BUSY_SECONDS = 2.0
"""How long to wait for another process that writes."""
_TABLES = """
    CREATE TABLE searches (
        id TEXT PRIMARY KEY,
        root TEXT NOT NULL,
        file TEXT NOT NULL,
        qualname TEXT NOT NULL,
        tests TEXT NOT NULL,
        started REAL NOT NULL,
        updated REAL NOT NULL,
        n_bytes INTEGER NOT NULL,
        owner TEXT NOT NULL
    );
    CREATE INDEX searches_of_file ON searches (file);
    CREATE TABLE records (
        search TEXT NOT NULL REFERENCES searches (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (search, seq)
    ) WITHOUT ROWID;
    CREATE TABLE texts (
        search TEXT NOT NULL REFERENCES searches (id) ON DELETE CASCADE,
        digest TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (search, digest)
    ) WITHOUT ROWID;
"""
_ROW = "id, root, file, qualname, tests, started, updated, n_bytes, owner"


class Database:
    def __init__(self, file: Path) -> None:
        """Open the file, or make it, for the owner alone."""
        _make_private(file)
        self.connection = sqlite3.connect(
            file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare()
        except BaseException:
            self.connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    def claim(self, search_id: str) -> bool:
        """Take a search over; false if somebody else is at it."""
        with self._writing():
            row = self.row(search_id)
            if row is None or (row.is_running and row.owner != this_process()):
                return False
            self.connection.execute(
                "UPDATE searches SET owner = ? WHERE id = ?",
                (this_process(), search_id),
            )
            return True

    def release(self, search_ids: Iterable[str]) -> None:
        """Nobody is at these any more."""
        with self._writing():
            self.connection.executemany(
                "UPDATE searches SET owner = ? WHERE id = ? AND owner = ?",
                [(NOBODY, each, this_process()) for each in search_ids],
            )

    def append(
        self,
        header: Header,
        records: Sequence[tuple[int, str]],
        texts: Mapping[str, str],
        now: float,
        *,
        is_new: bool,
    ) -> int:
        """All of it or nothing; returns how large the search is now, in bytes."""
        search_id = header.search_id
        added = sum(len(body) for _, body in records)
        added += sum(len(body) for body in texts.values())
        with self._writing():
            if is_new:
                self._begin(header, now)
            self.connection.executemany(
                "INSERT INTO records (search, seq, body) VALUES (?, ?, ?)",
                [(search_id, seq, body) for seq, body in records],
            )
            self.connection.executemany(
                "INSERT OR IGNORE INTO texts (search, digest, body) VALUES (?, ?, ?)",
                [(search_id, digest, body) for digest, body in texts.items()],
            )
            self.connection.execute(
                "UPDATE searches SET updated = ?, n_bytes = n_bytes + ? WHERE id = ?",
                (now, added, search_id),
            )
        row = self.row(search_id)
        return row.n_bytes if row else 0

    def row(self, search_id: str) -> Row | None:
        return next(iter(self._rows("WHERE id = ?", (search_id,))), None)

    def rows(self) -> tuple[Row, ...]:
        """Newest first."""
        return self._rows("ORDER BY updated DESC, id", ())

    def rows_of(self, file: str) -> tuple[Row, ...]:
        """Of one target file, newest first."""
        return self._rows("WHERE file = ? ORDER BY updated DESC, id", (file,))

    def matching(self, prefix: str) -> tuple[str, ...]:
        """The ids that begin so."""
        found = self.connection.execute(
            "SELECT id FROM searches WHERE substr(id, 1, ?) = ? ORDER BY id",
            (len(prefix), prefix),
        )
        return tuple(id_ for (id_,) in found)

    def records(self, search_id: str) -> tuple[str, ...]:
        found = self.connection.execute(
            "SELECT body FROM records WHERE search = ? ORDER BY seq", (search_id,)
        )
        return tuple(body for (body,) in found)

    def text(self, search_id: str, digest: str) -> str | None:
        found = self.connection.execute(
            "SELECT body FROM texts WHERE search = ? AND digest = ?",
            (search_id, digest),
        )
        return next((body for (body,) in found), None)

    def delete(self, search_ids: Iterable[str]) -> None:
        with self._writing():
            self.connection.executemany(
                "DELETE FROM searches WHERE id = ?", [(each,) for each in search_ids]
            )

    def clear(self) -> int:
        """Forget every search that nobody is at, and give the space back."""
        idle = [row.header.search_id for row in self.rows() if not row.is_running]
        self.delete(idle)
        self.connection.execute("VACUUM")
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return len(idle)

    def prune(self, *, max_bytes: int, oldest: float) -> int:
        """Forget what was last changed before `oldest`, and the oldest beyond a size."""
        doomed: list[str] = []
        n_bytes = 0
        for row in self.rows():
            n_bytes += row.n_bytes
            if row.is_running:
                continue
            if row.updated < oldest or n_bytes > max_bytes:
                doomed.append(row.header.search_id)
                n_bytes -= row.n_bytes
        if doomed:
            self.delete(doomed)
            self.connection.execute("PRAGMA incremental_vacuum").fetchall()
        return len(doomed)

    def _begin(self, header: Header, now: float) -> None:
        self.connection.execute(
            f"INSERT INTO searches ({_ROW}) VALUES (?,?,?,?,?,?,?,?,?)",  # noqa: S608
            (
                header.search_id,
                header.root,
                header.file,
                header.qualname,
                json.dumps(header.tests),
                now,
                now,
                0,
                this_process(),
            ),
        )

    def _prepare(self) -> None:
        execute = self.connection.execute
        execute("PRAGMA foreign_keys = ON")
        execute("PRAGMA synchronous = FULL")
        if self._version() == 0:
            execute("PRAGMA auto_vacuum = INCREMENTAL")
        execute("PRAGMA journal_mode = WAL").fetchall()
        if self._version() == 0:
            with self._writing():
                # Somebody may have been faster.
                if self._version() == 0:
                    for statement in _TABLES.split(";"):
                        execute(statement)
                    execute(f"PRAGMA user_version = {VERSION}")
        if self._version() != VERSION:
            raise JournalFault(
                f"the file is of version {self._version()}, and this orps-lsp "
                f"reads {VERSION}"
            )

    def _version(self) -> int:
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        return int(version)

    def _rows(self, condition: str, values: tuple[object, ...]) -> tuple[Row, ...]:
        found = self.connection.execute(
            f"SELECT {_ROW} FROM searches {condition}",  # noqa: S608 - our own words
            values,
        )
        return tuple(
            Row(
                header=Header(
                    search_id=id_,
                    root=root,
                    file=file,
                    qualname=qualname,
                    tests=tuple(json.loads(tests)),
                ),
                started=started,
                updated=updated,
                n_bytes=n_bytes,
                owner=owner,
            )
            for (
                id_,
                root,
                file,
                qualname,
                tests,
                started,
                updated,
                n_bytes,
                owner,
            ) in found
        )

    def _writing(self) -> "_Transaction":
        return _Transaction(self.connection)


class _Transaction:
    """Takes the right to write at once, so that no upgrade of a lock can fail."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __enter__(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            try:
                self.connection.execute("COMMIT")
            except sqlite3.Error:
                self._roll_back()
                raise
        else:
            self._roll_back()

    def _roll_back(self) -> None:
        # A full disk has ended the transaction already.
        with suppress(sqlite3.Error):
            self.connection.execute("ROLLBACK")


def move_aside(file: Path) -> Path:
    """Keep a damaged file for whoever wants to look; an older one is replaced."""
    aside = file.with_name(f"{file.stem}.damaged{file.suffix}")
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    file.replace(aside)
    return aside


def _make_private(file: Path) -> None:
    """SQLite gives the files beside it the same rights."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.name == "posix" and os.fstat(handle).st_mode & 0o077:
            os.fchmod(handle, 0o600)
    finally:
        os.close(handle)
