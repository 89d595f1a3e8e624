"""`orps-lsp label`: a label for each statement of a body, from execution."""

import argparse
import enum
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Self

from orps_search.labels import LabelLimits, Labels, label_lines
from orps_search.labels.document import labels_document
from orps_search.labels.prm import prm_rows
from orps_search.problem import Problem
from orps_search.verdicts import passes
from orps_server.cli.interruption import until_interrupted
from orps_server.cli.options import (
    Targeted,
    add_target,
    overrides,
    target_name,
    test_names,
    usage_fault,
)
from orps_server.cli.requests import request_of, settings_for
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import tell, write_result
from orps_server.engine import open_workbench
from orps_server.errors import RequestFault
from orps_server.workspace import folder_root

_MARKS = {1: "+", 0: "-", None: "?"}


class LabelOutput(enum.Enum):
    TABLE = "table"
    JSON = "json"
    PRM = "prm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label(Targeted):
    output: LabelOutput
    limits: LabelLimits

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_target(parser)
        defaults = LabelLimits()
        output = parser.add_mutually_exclusive_group()
        output.add_argument(
            "--json", action="store_true", help="print a document (docs/labels.md)"
        )
        output.add_argument(
            "--prm",
            action="store_true",
            help="print rows for trainers of process reward models, as JSON Lines",
        )
        for flag, default, what in (
            ("--per-statement", defaults.per_statement, "mutations of each statement"),
            ("--max-mutants", defaults.total, "mutants in all"),
            ("--seed", defaults.seed, "which mutants are taken"),
        ):
            parser.add_argument(
                flag, type=int, default=default, metavar="N", help=f"{what} ({default})"
            )

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        if known.per_statement < 0 or known.max_mutants < 0:
            raise usage_fault("a number of mutants cannot be negative")
        chosen = LabelOutput.JSON if known.json else LabelOutput.TABLE
        return cls(
            overrides=overrides(known),
            target=target_name(known.target),
            tests=test_names(known),
            output=LabelOutput.PRM if known.prm else chosen,
            limits=LabelLimits(
                per_statement=known.per_statement,
                total=known.max_mutants,
                seed=known.seed,
            ),
        )

    async def run(self) -> ExitStatus:
        found = await until_interrupted(partial(_labeled, self))
        if found is None:
            return ExitStatus.INTERRUPTED
        write_result(_text(self, *found))
        return ExitStatus.SOLVED


async def _labeled(command: Label) -> tuple[Labels, Problem]:
    request = request_of(command.target, command.tests)
    settings = settings_for(folder_root(request.file.parent), command.overrides)
    async with open_workbench(request, settings) as workbench:
        for note in workbench.notes:
            tell(note)
        problem = workbench.problem
        if problem.target.is_stub:
            raise RequestFault(
                f"{problem.target.qualname} is a stub; there is nothing to label.",
                kind="badRequest",
                hint="Fill it in first, for example with orps-lsp generate --write.",
            )
        return await label_lines(problem, workbench.executor, command.limits), problem


def _text(command: Label, labels: Labels, problem: Problem) -> str:
    target = command.target
    match command.output:
        case LabelOutput.JSON:
            document = labels_document(
                labels,
                file=target.file,
                qualname=target.qualname,
                seed=command.limits.seed,
            )
            return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        case LabelOutput.PRM:
            name = f"{target.file}::{target.qualname}"
            rows = prm_rows(labels, problem=name, prompt=problem_prompt(problem))
            return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        case LabelOutput.TABLE:
            return "\n".join(_table(labels, target.qualname)) + "\n"


def problem_prompt(problem: Problem) -> str:
    """What a model would complete: the signature and the docstring."""
    docstring = problem.target.docstring
    shown = f'\n    """{docstring}"""' if docstring else ""
    return f"{problem.target.header}{shown}\n"


def _table(labels: Labels, qualname: str) -> Iterator[str]:
    yield f"{qualname}: {passes(labels.outcome)}, {len(labels.mutants)} mutants executed"
    yield "+ a completion passes, - none does, ? never executed"
    yield ""
    yield "   line  cases  mutants  broken  kept"
    for each in labels.steps:
        first = each.text.strip("\n").split("\n")[0]
        yield (
            f"{_MARKS[each.label]} {each.step.line:6} {each.n_cases:6}"
            f" {each.n_broken + each.n_kept:8} {each.n_broken:7} {each.n_kept:5}"
            f"  {first}"
        )


COMMAND = Label
