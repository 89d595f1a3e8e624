"""`orps-lsp generate`: search, then show, print or write what was found."""

import argparse
from dataclasses import dataclass
from typing import cast

from orps_server.cli.all_stubs import all_stubs
from orps_server.cli.command import Command
from orps_server.cli.options import (
    Output,
    Targeted,
    add_journal,
    add_output,
    add_place,
    add_search,
    add_target,
    overrides,
    place_of,
    target_name,
    test_names,
    usage_fault,
)
from orps_server.cli.requests import request_of
from orps_server.cli.search_run import SearchOrder, run_order
from orps_server.cli.status import ExitStatus
from orps_server.spread.work import Place


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
        parser.add_argument(
            "--resume",
            action="store_true",
            help="with --all-stubs: go on where the last run was interrupted",
        )
        add_place(parser, what="stubs")
        add_search(parser)
        add_journal(parser)
        add_output(parser)

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
                resumes=known.resume,
            )
        if known.resume:
            raise usage_fault("--resume is for --all-stubs; see orps-lsp resume")
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
    resumes: bool = False

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        Generate.declare(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Command:
        return Generate.read(known)

    async def run(self) -> ExitStatus:
        return await all_stubs(
            self.paths,
            self.overrides,
            place=self.place,
            output=self.output,
            resumes=self.resumes,
        )


async def generate(command: Generate) -> ExitStatus:
    return await run_order(
        SearchOrder(
            request=request_of(command.target, command.tests),
            overrides=command.overrides,
            output=command.output,
            file=command.target.file,
        )
    )


COMMAND = Generate
