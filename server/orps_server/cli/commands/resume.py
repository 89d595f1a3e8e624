"""`orps-lsp resume`: go on with a search that was interrupted, or ran out of budget."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from orps_server.cli.command import Command
from orps_server.cli.options import (
    Output,
    add_budget,
    add_endpoint,
    add_execution,
    add_logging,
    add_output,
    add_search_id,
    overrides,
)
from orps_server.cli.search_run import SearchOrder, run_order
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import tell
from orps_server.engine import GenerateRequest
from orps_server.store.store import SearchStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    search_id: str
    output: Output

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_search_id(parser)
        add_execution(parser)
        add_endpoint(parser)
        add_budget(parser)
        add_output(parser)
        add_logging(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        return cls(
            overrides=overrides(known),
            search_id=known.search_id,
            output=Output(known.output or Output.RANKING),
        )

    async def run(self) -> ExitStatus:
        return await resume(self)


async def resume(command: Resume) -> ExitStatus:
    store = SearchStore(warn=tell)
    try:
        stored = await store.load(command.search_id)
        await store.claim(stored.header.search_id)
    finally:
        store.close()
    header = stored.header
    return await run_order(
        SearchOrder(
            request=GenerateRequest(
                file=Path(header.file), qualname=header.qualname, tests=header.tests
            ),
            overrides=command.overrides,
            output=command.output,
            file=header.file,
            stored=stored,
            search_id=header.search_id,
        )
    )


COMMAND = Resume
