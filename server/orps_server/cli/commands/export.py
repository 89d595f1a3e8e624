"""`orps-lsp export`: searches that are kept, as JSON lines for training."""

import argparse
import json
from dataclasses import dataclass
from typing import Self, cast

from orps_search.journal.codec import JournalFault
from orps_server.cli.command import Command
from orps_server.cli.options import add_logging
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import tell, write_result
from orps_server.errors import RequestFault
from orps_server.export import FORMATS
from orps_server.store.store import SearchStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Export(Command):
    format: str
    search_ids: tuple[str, ...]
    """Empty for all that are kept."""

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        formats = "; ".join(f"{name}: {each.summary}" for name, each in FORMATS.items())
        parser.add_argument(
            "search_ids",
            nargs="*",
            metavar="SEARCH_ID",
            help="which searches; default: all that are kept",
        )
        parser.add_argument(
            "--format",
            required=True,
            choices=tuple(FORMATS),
            help=f"{formats} (docs/export.md)",
        )
        add_logging(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        return cls(
            overrides={},
            format=known.format,
            search_ids=tuple(cast("list[str]", known.search_ids)),
        )

    async def run(self) -> ExitStatus:
        store = SearchStore(warn=tell)
        try:
            return await export(self, store)
        finally:
            store.close()


async def export(command: Export, store: SearchStore) -> ExitStatus:
    """Oldest first; a search that cannot be read is named and left out."""
    write = FORMATS[command.format].load()
    wanted = command.search_ids or tuple(
        row.header.search_id for row in reversed(await store.rows())
    )
    n_lines = 0
    for search_id in wanted:
        try:
            state = (await store.load(search_id)).state()
        except (RequestFault, JournalFault) as fault:
            if command.search_ids:
                raise
            tell(f"{search_id}: {fault}")
            continue
        for entry in write(state):
            write_result(json.dumps(entry) + "\n")
            n_lines += 1
    if not n_lines:
        tell("There is nothing to export.")
    return ExitStatus.SOLVED


COMMAND = Export
