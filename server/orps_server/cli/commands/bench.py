"""`orps-lsp bench`: search policies on problems whose hidden tests score them."""

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self, cast

from orps_server.bench.command import Request, run_bench
from orps_server.cli.command import Command
from orps_server.cli.counting import open_progress
from orps_server.cli.interruption import until_interrupted
from orps_server.cli.options import (
    add_endpoint,
    add_execution,
    add_json,
    add_logging,
    add_place,
    overrides,
    place_of,
    positive,
    usage_fault,
)
from orps_server.cli.requests import settings_for
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import tell, write_result
from orps_server.workspace import folder_root

DEFAULT_BUDGETS = (5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench(Command):
    request: Request
    as_json: bool
    plot: Path | None
    """An SVG file for the anytime curves."""

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "data_sets",
            metavar="DATASET.jsonl",
            nargs="+",
            type=Path,
            help="problems (docs/bench.md); may be compressed with gzip",
        )
        parser.add_argument(
            "--replay",
            action="append",
            default=[],
            metavar="REPLAY.jsonl",
            type=Path,
            help="recorded answers in place of a model; may be repeated",
        )
        add_endpoint(parser)
        parser.add_argument(
            "--policy",
            action="append",
            default=[],
            metavar="NAME",
            help="policy to compare; may be repeated; default: all",
        )
        parser.add_argument(
            "--against",
            metavar="NAME",
            help="policy that the others are compared with; default: the first one",
        )
        parser.add_argument(
            "--budget",
            type=_budgets,
            default=DEFAULT_BUDGETS,
            metavar="N,N,...",
            help="calls that a search may make; default: 5,10,20,50,100",
        )
        parser.add_argument(
            "--seeds",
            type=positive,
            default=1,
            metavar="N",
            help="searches on each problem, with seeds from 0; default: 1",
        )
        add_place(parser, what="problems")
        parser.add_argument(
            "--limit",
            type=positive,
            metavar="N",
            help="only so many problems, spread over the data sets",
        )
        parser.add_argument(
            "--out",
            type=Path,
            metavar="DIR",
            help="keep every finished search there, and go on from what is there",
        )
        parser.add_argument(
            "--plot", type=Path, metavar="FILE.svg", help="draw the anytime curves"
        )
        add_json(parser)
        add_execution(parser)
        add_logging(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        settings = overrides(known)
        # The policies are this command's own, several, and none of the settings'.
        settings.pop("search.policy", None)
        if known.replay and ("llm.baseUrl" in settings or "llm.model" in settings):
            raise usage_fault("--replay answers in place of a model; name one of both")
        if known.plot and not known.plot.absolute().parent.is_dir():
            raise usage_fault(f"there is no folder for {known.plot}")
        return cls(
            overrides=settings,
            as_json=known.json,
            plot=known.plot,
            request=Request(
                data_sets=tuple(cast("list[Path]", known.data_sets)),
                replays=tuple(cast("list[Path]", known.replay)),
                policies=tuple(cast("list[str]", known.policy)),
                reference=known.against,
                budgets=tuple(cast("tuple[int, ...]", known.budget)),
                n_seeds=known.seeds,
                place=place_of(known),
                limit=known.limit,
                out=known.out,
            ),
        )

    async def run(self) -> ExitStatus:
        settings = settings_for(folder_root(Path.cwd()), self.overrides)
        with open_progress() as progress:
            report = await until_interrupted(
                partial(run_bench, self.request, settings, progress)
            )
        if report is None:
            if self.request.out is not None:
                tell(
                    f"interrupted; the same command with --out {self.request.out} "
                    "goes on"
                )
            return ExitStatus.INTERRUPTED
        for note in report.notes:
            tell(note)
        write_result(report.json_text() if self.as_json else report.text())
        if self.plot is not None:
            report.write_svg(self.plot)
        return ExitStatus.SOLVED


COMMAND = Bench


def _budgets(text: str) -> tuple[int, ...]:
    return tuple(sorted({positive(part) for part in text.split(",")}))
