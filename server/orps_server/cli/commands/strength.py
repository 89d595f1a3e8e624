"""`orps-lsp strength`: which changes of a body would the tests not notice?"""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from orps_search.strength import DEFAULT_MUTANTS, DEFAULT_SECONDS, Gap, Strength
from orps_server.cli.interruption import until_interrupted
from orps_server.cli.options import (
    Targeted,
    add_json,
    add_target,
    overrides,
    target_name,
    test_names,
)
from orps_server.cli.requests import request_of, settings_for
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import write_result
from orps_server.engine import open_workbench, present_body
from orps_server.errors import RequestFault
from orps_server.source_file import read_source
from orps_server.workspace import folder_root

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureStrength(Targeted):
    candidate: Path | None
    """A given body; `None` is the present one."""
    n_mutants: int
    max_seconds: float
    json: bool

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_target(parser)
        parser.add_argument(
            "--candidate",
            metavar="PATH",
            help="file with a body to change; default: the one that is there",
        )
        parser.add_argument(
            "--mutants",
            type=int,
            default=DEFAULT_MUTANTS,
            metavar="N",
            help=f"changes to try; default: {DEFAULT_MUTANTS}",
        )
        parser.add_argument(
            "--within",
            type=float,
            default=DEFAULT_SECONDS,
            metavar="SECONDS",
            help=f"bound on seconds; default: {DEFAULT_SECONDS:g}",
        )
        add_json(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        return cls(
            overrides=overrides(known),
            target=target_name(known.target),
            tests=test_names(known),
            candidate=Path(known.candidate) if known.candidate else None,
            n_mutants=known.mutants,
            max_seconds=known.within,
            json=known.json,
        )

    async def run(self) -> ExitStatus:
        found = await until_interrupted(self._measured)
        if found is None:
            return ExitStatus.INTERRUPTED
        write_result(_document(found) if self.json else _text(found))
        return ExitStatus.PARTIAL if found.gaps else ExitStatus.SOLVED

    async def _measured(self) -> Strength:
        request = request_of(self.target, self.tests)
        settings = settings_for(folder_root(request.file.parent), self.overrides)
        async with open_workbench(request, settings) as workbench:
            present = present_body(workbench.problem)
            if self.candidate is not None:
                code = read_source(self.candidate).text
            elif present is not None:
                code = present.code
            else:
                raise RequestFault(
                    f"{workbench.problem.target.qualname} is a stub.",
                    kind="badRequest",
                    hint="Give a body with --candidate, or generate one first.",
                )
            winner = await workbench.verify(code)
            if not winner.outcome.all_passed:
                raise RequestFault(
                    f"It passes {winner.outcome.n_passed} of "
                    f"{winner.outcome.n_total} tests; only what passes all of them "
                    "can say what they leave open.",
                    kind="badRequest",
                    hint="`orps-lsp generate` searches for a body that passes.",
                )
            return await workbench.strength(
                winner, n_mutants=self.n_mutants, max_seconds=self.max_seconds
            )


def _text(found: Strength) -> str:
    lines = [found.text()]
    if not found.complete:
        lines[0] += " (time ran out before all were tried)"
    for gap in found.gaps:
        lines += ["", *_gap(gap)]
    return "\n".join(lines) + "\n"


def _gap(gap: Gap) -> list[str]:
    return [
        f"line {gap.line}: no test notices this change",
        *(f"  - {line}" for line in gap.before.splitlines()),
        *(f"  + {line}" for line in gap.after.splitlines()),
        f"  {gap.call} {gap.was}, changed it {gap.now}",
    ]


def _document(found: Strength) -> str:
    document = {
        "version": VERSION,
        "noticed": found.n_noticed,
        "changes": found.n_changes,
        "alike": found.n_alike,
        "complete": found.complete,
        "gaps": [asdict(gap) for gap in found.gaps],
    }
    return json.dumps(document, indent=2) + "\n"


COMMAND = MeasureStrength
