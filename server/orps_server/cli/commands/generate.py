"""`orps-lsp generate`: search, then show, print or write what was found."""

import argparse
from dataclasses import dataclass
from typing import cast

from orps_search.candidate import INITIAL_ID
from orps_search.events import (
    Progressed,
    ReplyRejected,
    SearchEvent,
    SearchResult,
    StopReason,
)
from orps_server.cli.all_stubs import all_stubs
from orps_server.cli.command import Command
from orps_server.cli.interruption import until_interrupted
from orps_server.cli.options import (
    Output,
    Targeted,
    add_place,
    add_search,
    add_target,
    overrides,
    place_of,
    target_name,
    test_names,
    usage_fault,
)
from orps_server.cli.presentation import present
from orps_server.cli.progress import Reporter
from orps_server.cli.reporting import open_reporter
from orps_server.cli.requests import request_of, settings_for
from orps_server.cli.shortfall import shortfall
from orps_server.cli.status import ExitStatus, status_of
from orps_server.cli.streams import tell
from orps_server.cli.writing import write_best
from orps_server.document import Result
from orps_server.engine import Job, open_job
from orps_server.errors import RequestFault
from orps_server.spread.work import Place
from orps_server.workspace import folder_root


@dataclass(frozen=True, slots=True, kw_only=True)
class Generate(Targeted):
    output: Output

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_target(parser, several=True)
        parser.add_argument(
            "--all-stubs",
            action="store_true",
            help="search for every stub in files and folders (docs/scaling.md)",
        )
        add_place(parser, what="stubs")
        add_search(parser)
        output = parser.add_mutually_exclusive_group()
        for kind, what in (
            (Output.JSON, "print one JSON document (docs/result-schema.md)"),
            (Output.DIFF, "print the best candidate as a unified diff"),
            (
                Output.WRITE,
                "put the best candidate into the file if it passes all tests",
            ),
        ):
            output.add_argument(
                f"--{kind.value}",
                dest="output",
                action="store_const",
                const=kind.value,
                help=what,
            )

    @classmethod
    def read(cls, known: argparse.Namespace) -> "Generate | GenerateAll":
        named = cast("list[str]", known.target)
        place = place_of(known)
        output = Output(known.output or Output.RANKING)
        if known.all_stubs:
            if known.tests:
                raise usage_fault("--tests is about one target; leave --all-stubs out")
            return GenerateAll(
                overrides=overrides(known),
                paths=tuple(named),
                place=place,
                output=output,
            )
        if len(named) > 1:
            raise usage_fault("there are several targets; name one, or --all-stubs")
        if place != Place():
            raise usage_fault("--workers and --executor spread stubs: add --all-stubs")
        return cls(
            overrides=overrides(known),
            target=target_name(named[0]),
            tests=test_names(known),
            output=output,
        )

    async def run(self) -> ExitStatus:
        return await generate(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateAll(Command):
    """The same with `--all-stubs`."""

    paths: tuple[str, ...]
    place: Place
    output: Output

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        Generate.declare(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Command:
        return Generate.read(known)

    async def run(self) -> ExitStatus:
        return await all_stubs(
            self.paths, self.overrides, place=self.place, output=self.output
        )


class _Run:
    """One search, and how far it came: what is left when it is interrupted."""

    def __init__(self, command: Generate, reporter: Reporter) -> None:
        self._command = command
        self._reporter = reporter
        self.job: Job | None = None
        self.progress: Progressed | None = None
        self.rejected: ReplyRejected | None = None

    async def search(self) -> SearchResult:
        request = request_of(self._command.target, self._command.tests)
        settings = settings_for(
            folder_root(request.file.parent), self._command.overrides
        )
        async with open_job(request, settings) as job:
            self.job = job
            self._reporter.started(job)
            return await job.search(self._publish)

    async def _publish(self, event: SearchEvent) -> None:
        if isinstance(event, Progressed):
            self.progress = event
            self._reporter.progressed(event)
        elif isinstance(event, ReplyRejected):
            self.rejected = event


async def generate(command: Generate) -> ExitStatus:
    with open_reporter() as reporter:
        run = _Run(command, reporter)
        found = await until_interrupted(run.search)
    if run.job is None:
        return ExitStatus.INTERRUPTED
    if found is None:
        return _interrupted(command, run.job, run.progress)
    return _finished(command, run.job, found, run.rejected)


def _finished(
    command: Generate, job: Job, found: SearchResult, rejected: ReplyRejected | None
) -> ExitStatus:
    if found.failure:
        if all(candidate.id == INITIAL_ID for candidate in found.ranking):
            raise RequestFault(found.failure, kind="badEndpoint")
        tell(found.failure)
    elif reason := shortfall(found, rejected):
        tell(reason)
    result = _result(command, job, found)
    if command.output is Output.WRITE:
        write_best(result, job.workbench.preparation.source)
    present(result, command.output)
    return status_of(result.ranking)


def _interrupted(
    command: Generate, job: Job, progress: Progressed | None
) -> ExitStatus:
    """Show what was executed before; half a search is never written to a file."""
    if progress and progress.ranking:
        found = SearchResult(
            ranking=progress.ranking,
            stop_reason=StopReason.CANCELLED,
            usage=progress.usage,
        )
        present(_result(command, job, found), command.output)
    return ExitStatus.INTERRUPTED


def _result(command: Generate, job: Job, found: SearchResult) -> Result:
    return Result(
        problem=job.problem,
        file=command.target.file,
        encoding=job.workbench.preparation.source.encoding,
        policy=job.policy,
        proposer=job.proposer,
        stop_reason=found.stop_reason.value,
        usage=found.usage,
        ranking=found.ranking,
    )


COMMAND = Generate
