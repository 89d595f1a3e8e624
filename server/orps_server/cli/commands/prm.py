"""`orps-lsp prm train`: a process reward model from exported labels."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from anyio import to_thread

from orps_search.errors import ExtraMissing
from orps_search.prm.metrics import Auc
from orps_search.prm.model import Evaluation, PrmError, evaluate, train
from orps_search.prm.rows import BadRow, Example, examples_of
from orps_server.cli.command import Command
from orps_server.cli.options import add_logging, overrides
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import write_result
from orps_server.errors import RequestFault
from orps_server.source_file import read_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Prm(Command):
    exports: tuple[Path, ...]
    model: Path
    seed: int
    as_json: bool

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("action", choices=("train",))
        parser.add_argument(
            "exports",
            nargs="+",
            metavar="EXPORT",
            help="rows of orps-lsp label --prm, or of orps-lsp export --format prm",
        )
        parser.add_argument("-o", "--output", required=True, metavar="MODEL")
        parser.add_argument("--seed", type=int, default=0, metavar="N")
        parser.add_argument("--json", action="store_true", help="print the figures")
        add_logging(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        return cls(
            overrides=overrides(known),
            exports=tuple(Path(name) for name in known.exports),
            model=Path(known.output),
            seed=known.seed,
            as_json=known.json,
        )

    async def run(self) -> ExitStatus:
        try:
            found = await to_thread.run_sync(_trained, self)
        except (PrmError, BadRow) as error:
            raise RequestFault(str(error), kind="badRequest") from error
        except ExtraMissing as error:
            raise RequestFault(
                str(error), kind="badRequest", hint=error.remedy
            ) from error
        if self.as_json:
            write_result(json.dumps(asdict(found), indent=2) + "\n")
        else:
            write_result("\n".join(figures(found)) + "\n")
        return ExitStatus.SOLVED


def _trained(command: Prm) -> Evaluation:
    """Evaluate on problems that were held out, then train on all and save that."""
    examples: list[Example] = []
    for path in command.exports:
        examples += examples_of(read_source(path).text.split("\n"))
    found = evaluate(examples, seed=command.seed)
    train(examples, seed=command.seed).save(command.model, found)
    return found


def figures(found: Evaluation) -> Iterator[str]:
    """The figures as a table, the baselines beside the model."""
    yield (
        f"trained on {found.n_training_steps} steps of {found.n_training_problems} "
        f"problems, tested on {found.n_test_steps} steps of {found.n_test_problems} "
        f"others ({found.share_right:.0%} of these are right)"
    )
    yield ""
    yield "held-out problems      ROC AUC   95 % interval"
    for name, area in (
        ("this model", found.model),
        ("line length", found.line_length),
        ("position", found.position),
    ):
        yield f"{name:20} {_area(area)}"
    yield ""
    yield "calibration      steps   predicted   observed"
    for each in found.calibration:
        yield (
            f"{each.low:.1f} to {each.high:.1f} {each.n:10} {each.predicted:11.2f}"
            f" {each.observed:10.2f}"
        )
    yield f"expected calibration error: {found.calibration_error:.3f}"


def _area(area: Auc) -> str:
    return f"{area.value:9.3f}   {area.low:.3f} to {area.high:.3f}"


COMMAND = Prm
