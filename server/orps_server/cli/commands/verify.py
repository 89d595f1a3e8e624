"""`orps-lsp verify`: run one given body against the tests, without a model."""

import argparse
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from orps_search.events import SearchUsage
from orps_search.proposer import Usage
from orps_server.cli.interruption import until_interrupted
from orps_server.cli.options import (
    Output,
    Targeted,
    add_json,
    add_target,
    overrides,
    target_name,
    test_names,
)
from orps_server.cli.presentation import present
from orps_server.cli.requests import request_of, settings_for
from orps_server.cli.status import ExitStatus, status_of
from orps_server.cli.streams import tell
from orps_server.document import Result
from orps_server.engine import open_workbench
from orps_server.source_file import read_source
from orps_server.workspace import folder_root


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify(Targeted):
    candidate: Path
    output: Output

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_target(parser)
        parser.add_argument(
            "--candidate",
            required=True,
            metavar="PATH",
            help="file with a body, function, class or module",
        )
        add_json(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        return cls(
            overrides=overrides(known),
            target=target_name(known.target),
            tests=test_names(known),
            candidate=Path(known.candidate),
            output=Output.JSON if known.json else Output.RANKING,
        )

    async def run(self) -> ExitStatus:
        return await verify(self)


PROPOSER = "given"
POLICY = "none"
"""Nothing was searched."""
STOP_REASON = "verified"


async def verify(command: Verify) -> ExitStatus:
    result = await until_interrupted(partial(_executed, command))
    if result is None:
        return ExitStatus.INTERRUPTED
    present(result, command.output)
    return status_of(result.ranking)


async def _executed(command: Verify) -> Result:
    request = request_of(command.target, command.tests)
    settings = settings_for(folder_root(request.file.parent), command.overrides)
    code = read_source(command.candidate).text
    started = time.monotonic()
    async with open_workbench(request, settings) as workbench:
        for note in workbench.notes:
            tell(note)
        candidate = await workbench.verify(code)
        return Result(
            problem=workbench.problem,
            file=command.target.file,
            encoding=workbench.preparation.source.encoding,
            policy=POLICY,
            proposer=PROPOSER,
            stop_reason=STOP_REASON,
            usage=SearchUsage(
                calls=Usage(), executions=1, seconds=time.monotonic() - started
            ),
            ranking=(candidate,),
        )


COMMAND = Verify
