"""`orps-lsp distinguish`: which of the candidates that pass every test did you mean?"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from orps_search.candidate import Candidate
from orps_search.distinguish import Comparison, Group, Question
from orps_search.events import SearchEvent
from orps_search.verdicts import counted
from orps_server.chosen_test import ChosenTest, chosen_test, first_test_file
from orps_server.cli.interruption import until_interrupted
from orps_server.cli.options import (
    Targeted,
    add_json,
    add_search,
    add_target,
    overrides,
    target_name,
    test_names,
    usage_fault,
)
from orps_server.cli.requests import request_of, settings_for
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import tell, write_result
from orps_server.diff import unified_diff
from orps_server.engine import Workbench, open_job, open_workbench
from orps_server.settings import Settings
from orps_server.source_file import SourceFile, read_source, write_source
from orps_server.workspace import folder_root

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinguish(Targeted):
    candidates: tuple[Path, ...]
    """Given bodies; none means those that a search finds."""
    answer: int | None
    """The option that is right, from 1; its test is shown, or written."""
    write: bool
    json: bool

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_target(parser)
        add_search(parser)
        parser.add_argument(
            "--candidate",
            action="append",
            default=[],
            metavar="PATH",
            help="file with a body to compare; repeat it; default: what a search finds",
        )
        parser.add_argument(
            "--answer",
            type=int,
            metavar="N",
            help="show the test that expects the N-th answer",
        )
        parser.add_argument(
            "--write", action="store_true", help="add that test to the test file"
        )
        add_json(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        if known.write and known.answer is None:
            raise usage_fault("--write needs --answer N: which answer is right?")
        return cls(
            overrides=overrides(known),
            target=target_name(known.target),
            tests=test_names(known),
            candidates=tuple(map(Path, known.candidate)),
            answer=known.answer,
            write=known.write,
            json=known.json,
        )

    async def run(self) -> ExitStatus:
        found = await until_interrupted(self._compared)
        if found is None:
            return ExitStatus.INTERRUPTED
        test = None if self.answer is None else _answered(self, found)
        if self.json:
            write_result(_document(found))
        elif test is not None:
            write_result(unified_diff(test.before, test.after, test.edit.path))
        else:
            write_result(_text(found))
        if not found.comparison.groups:
            return ExitStatus.NOTHING
        return ExitStatus.PARTIAL if found.comparison.disagree else ExitStatus.SOLVED

    async def _compared(self) -> "_Found":
        request = request_of(self.target, self.tests)
        settings = settings_for(folder_root(request.file.parent), self.overrides)
        if not self.candidates:
            return await self._searched(settings)
        given = [read_source(path).text for path in self.candidates]
        async with open_workbench(request, settings) as workbench:
            ranking = [
                await workbench.verify(code, name=path.name)
                for path, code in zip(self.candidates, given, strict=True)
            ]
            return await _found(workbench, ranking, settings)

    async def _searched(self, settings: Settings) -> "_Found":
        async with open_job(request_of(self.target, self.tests), settings) as job:
            result = await job.search(_ignore)
            return await _found(job.workbench, result.ranking, settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    workbench: Workbench
    n_candidates: int
    comparison: Comparison
    source: SourceFile | None
    """Of the file that a test would be added to."""
    tests: tuple[ChosenTest | None, ...]
    """For each option of the question, in its order."""


async def _found(
    workbench: Workbench, ranking: Sequence[Candidate], settings: Settings
) -> _Found:
    comparison = await workbench.compare(ranking, seed=settings.search.seed or 0)
    path = first_test_file(workbench.problem)
    source = read_source(workbench.project.root / path) if path else None
    tests: list[ChosenTest | None] = []
    if comparison.question is not None and source is not None:
        tests = [
            chosen_test(
                workbench.problem,
                workbench.project.root,
                source.text,
                comparison.question,
                option.answer,
            )
            for option in comparison.question.options
        ]
    return _Found(
        workbench=workbench,
        n_candidates=len(ranking),
        comparison=comparison,
        source=source,
        tests=tuple(tests),
    )


async def _ignore(event: SearchEvent) -> None:
    """The ranking at the end is all that counts here."""


def _answered(command: Distinguish, found: _Found) -> ChosenTest:
    """The test of the chosen answer; it is in the file now if that was asked for."""
    question = found.comparison.question
    n_options = len(question.options) if question else 0
    assert command.answer is not None
    if not 1 <= command.answer <= n_options:
        raise usage_fault(f"--answer {command.answer}: there are {n_options} answers")
    test = found.tests[command.answer - 1] if found.tests else None
    if test is None or found.source is None:
        raise usage_fault(f"--answer {command.answer}: no test can be written for it")
    if command.write:
        write_source(found.source, test.after)
        tell(f"added a test to {test.file}")
    return test


def _text(found: _Found) -> str:
    comparison = found.comparison
    n_passing = sum(len(group.members) for group in comparison.groups)
    name = found.workbench.problem.target.qualname
    n_candidates = counted(found.n_candidates, "candidate")
    lines = [f"{name}: {n_passing} of {n_candidates} pass every test"]
    if not comparison.groups:
        return lines[0] + "\n"
    calls = counted(comparison.n_calls, "call")
    if not comparison.disagree:
        lines.append(f"They do the same on {calls}.")
    else:
        groups = len(comparison.groups)
        lines += [f"They do {groups} different things on {calls}.", ""]
        lines += _groups(comparison.groups)
        if comparison.question is not None:
            lines += ["", *_asked(comparison.question, found)]
    return "\n".join(lines) + "\n"


def _groups(groups: Sequence[Group]) -> list[str]:
    return [
        f"#{idx}: {', '.join(group.ids)}" for idx, group in enumerate(groups, start=1)
    ]


def _asked(question: Question, found: _Found) -> list[str]:
    lines = [f"What should {question.call} do?"]
    for idx, option in enumerate(question.options, start=1):
        who = ", ".join(f"#{group + 1}" for group in option.groups)
        lines.append(f"  {idx}. it {option.answer.words} ({who})")
    if any(found.tests):
        lines.append("--answer N --write adds the test that expects it.")
    return lines


def _document(found: _Found) -> str:
    comparison = found.comparison
    document = {
        "version": VERSION,
        "target": found.workbench.problem.target.qualname,
        "candidates": found.n_candidates,
        "calls": comparison.n_calls,
        "groups": [
            {"members": list(group.ids), "code": group.representative.code}
            for group in comparison.groups
        ],
        "question": _question(comparison.question, found),
    }
    return json.dumps(document, indent=2) + "\n"


def _question(question: Question | None, found: _Found) -> dict[str, object] | None:
    if question is None:
        return None
    tests = found.tests or (None,) * len(question.options)
    return {
        "call": question.call,
        "options": [
            {
                "words": option.answer.words,
                "value": option.answer.value,
                "exception": option.answer.exception,
                "groups": [group + 1 for group in option.groups],
                "test": _test(test),
            }
            for option, test in zip(question.options, tests, strict=True)
        ],
    }


def _test(test: ChosenTest | None) -> dict[str, object] | None:
    if test is None:
        return None
    return {
        "file": test.edit.path,
        "diff": unified_diff(test.before, test.after, test.edit.path),
    }


COMMAND = Distinguish
