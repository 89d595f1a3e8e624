"""`orps-lsp report`: what happened in a search, and why it stopped."""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from orps_search.journal.document import search_document
from orps_server.cli.command import Command
from orps_server.cli.options import add_logging, add_search_id
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import tell, write_result
from orps_server.errors import RequestFault
from orps_server.reporting.markdown import markdown
from orps_server.search_page import search_page
from orps_server.store.store import SearchStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Command):
    search_id: str
    as_json: bool
    html: Path | None

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_search_id(parser)
        form = parser.add_mutually_exclusive_group()
        form.add_argument(
            "--json",
            action="store_true",
            help="print the search document (docs/search-document.md)",
        )
        form.add_argument(
            "--html",
            metavar="FILE",
            type=Path,
            help="write a page that draws the search, for any browser",
        )
        add_logging(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        return cls(
            overrides={},
            search_id=known.search_id,
            as_json=known.json,
            html=known.html,
        )

    async def run(self) -> ExitStatus:
        document = await stored_document(self.search_id)
        if self.html is not None:
            _write_page(self.html, document)
        elif self.as_json:
            write_result(json.dumps(document, indent=2) + "\n")
        else:
            write_result(markdown(document))
        return ExitStatus.SOLVED


async def stored_document(search_id: str) -> dict[str, Any]:
    """The search document of a search that is kept."""
    store = SearchStore(warn=tell)
    try:
        stored = await store.load(search_id)
    finally:
        store.close()
    now = "running" if stored.row.is_running else None
    return search_document(stored.state(), now=now)


def _write_page(file: Path, document: dict[str, Any]) -> None:
    try:
        file.write_text(search_page(document), encoding="utf-8", errors="replace")
    except OSError as error:
        raise RequestFault(
            f"{file} cannot be written: {error.strerror}.", kind="badRequest"
        ) from error
    tell(f"Written to {file}.")


COMMAND = Report
