"""`orps-lsp searches`: which searches are kept, newest first."""

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from orps_search.journal.codec import JournalFault
from orps_search.journal.document import search_document
from orps_server.cli.command import Command
from orps_server.cli.options import add_json, add_logging
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import tell, write_result
from orps_server.errors import RequestFault
from orps_server.store.store import SearchStore, StoredSearch

SCHEMA = "orps.searches/1"
MAX_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Searches(Command):
    as_json: bool
    shows_all: bool
    clears: bool

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_json(parser)
        parser.add_argument(
            "--all",
            action="store_true",
            help=f"list all of them instead of the {MAX_SHOWN} latest",
        )
        parser.add_argument(
            "--clear", action="store_true", help="forget all but what is running"
        )
        add_logging(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        return cls(
            overrides={},
            as_json=known.json,
            shows_all=known.all,
            clears=known.clear,
        )

    async def run(self) -> ExitStatus:
        store = SearchStore(warn=tell)
        try:
            return await searches(self, store)
        finally:
            store.close()


async def searches(command: Searches, store: SearchStore) -> ExitStatus:
    if command.clears:
        n_forgotten = await store.clear()
        tell(f"{n_forgotten} searches forgotten.")
        return ExitStatus.SOLVED
    rows = await store.rows()
    shown = rows if command.shows_all else rows[:MAX_SHOWN]
    entries: list[dict[str, object]] = []
    for row in shown:
        try:
            entries.append(_entry(await store.load(row.header.search_id)))
        except (RequestFault, JournalFault) as fault:
            tell(f"{row.header.search_id}: {fault}")
    if command.as_json:
        document = {"schema": SCHEMA, "file": str(store.file), "searches": entries}
        write_result(json.dumps(document, indent=2) + "\n")
        return ExitStatus.SOLVED
    if not entries:
        tell(f"There are no searches in {store.file}.")
    for entry in entries:
        write_result(_line(entry))
    if len(shown) < len(rows):
        tell(f"and {len(rows) - len(shown)} older ones (--all)")
    return ExitStatus.SOLVED


def _entry(stored: StoredSearch) -> dict[str, object]:
    row = stored.row
    document = search_document(
        stored.state(), now="running" if row.is_running else None
    )
    best = next(iter(document["candidates"]), None)
    return {
        "id": row.header.search_id,
        "updated": row.updated,
        "file": row.header.file,
        "qualname": row.header.qualname,
        "state": document["state"],
        "stop_reason": document["stopReason"],
        "policy": document["policy"],
        "proposer": document["proposer"],
        "requests": document["usage"]["requests"],
        "candidates": document["usage"]["executions"],
        "passed": best["passed"] if best else 0,
        "total": best["total"] if best else 0,
        "bytes": row.n_bytes,
    }


def _line(entry: dict[str, object]) -> str:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(float(str(entry["updated"]))))
    word = entry["stop_reason"] or entry["state"]
    if entry["state"] in {"running", "interrupted"}:
        word = entry["state"]
    name = f"{_short(str(entry['file']))}::{entry['qualname']}"
    tests = f"{entry['passed']}/{entry['total']}"
    return (
        f"{entry['id']}  {when}  {word!s:<13} {tests:>7} tests  "
        f"{entry['requests']!s:>4} requests  {name}\n"
    )


def _short(file: str) -> str:
    path = Path(file)
    return str(
        path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    )


COMMAND = Searches
