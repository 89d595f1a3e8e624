"""The process reward model of lines, on problems that its training never saw.

Labels are made by executing mutants of the reference solutions of public problems, on
all their tests. A part of the problems is held out; beside the model stand two trivial
baselines. With `--rows` the labels are kept as they are made, and those that are there
are not made again; after `--seconds` no further problem is begun.

    python benchmarks/prm.py [--problems 60] [--per-statement 4] [--rows FILE] [--json]
                             [--seconds S] [--sets humaneval mbpp_sanitized]

What a model trained on the rows of one set does for searches on the other one is for
`benchmarks/replayed_search.py --prm-model` to show.

The problems are not part of this repository; without them this says so and ends.
"""

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anyio

from orps_search.labels import LabelLimits, label_lines
from orps_search.labels.prm import prm_rows
from orps_search.prm.model import evaluate
from orps_search.prm.rows import examples_of
from orps_server.cli.commands.label import problem_prompt
from orps_server.cli.commands.prm import figures
from orps_server.engine import GenerateRequest, open_workbench
from orps_server.errors import RequestFault
from orps_server.settings import Settings
from replayed_search import DATA, write_task

SETS = ("humaneval", "mbpp_sanitized")


def chosen(count: int, sets: Sequence[str]) -> Sequence[Mapping[str, Any]]:
    """Spread the problems evenly over the sets."""
    problems: list[Mapping[str, Any]] = []
    for name in sets:
        lines = (DATA / "problems" / f"{name}.jsonl").read_text().splitlines()
        problems += [json.loads(line) for line in lines]
    return problems[:: max(1, len(problems) // count)][:count]


async def labeled(
    folder: Path, problem: Mapping[str, Any], limits: LabelLimits
) -> list[str]:
    """Rows of the reference and of its mutants."""
    entry = problem["entry_point"]
    request = GenerateRequest(file=folder / "solution.py", qualname=entry)
    async with open_workbench(request, Settings()) as bench:
        labels = await label_lines(bench.problem, bench.executor, limits)
        if not labels.outcome.all_passed:
            return []
        rows = prm_rows(
            labels, problem=problem["task_id"], prompt=problem_prompt(bench.problem)
        )
        return [json.dumps(row) for row in rows]


def new_rows(
    problems: Sequence[Mapping[str, Any]], limits: LabelLimits, seconds: float
) -> Iterator[str]:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        for number, problem in enumerate(problems):
            if time.monotonic() - started > seconds:
                print("\nout of time: not all problems are labeled", file=sys.stderr)
                return
            folder = Path(scratch) / str(number)
            write_task(
                folder,
                {
                    **problem,
                    "tests": problem["visible_tests"] + problem["hidden_tests"],
                },
                "tests",
            )
            (folder / "solution.py").write_text(problem["reference"])
            try:
                rows = anyio.run(labeled, folder, problem, limits)
            except RequestFault as fault:
                print(f"{problem['task_id']}: {fault}", file=sys.stderr)
                continue
            print(f"\r{number + 1}/{len(problems)}", end="", file=sys.stderr)
            yield from rows
    print(file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--problems", type=int, default=60)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--per-statement", type=int, default=4)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--seconds", type=float, default=math.inf)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    path: Path | None = arguments.rows
    rows = path.read_text().splitlines() if path is not None and path.exists() else []
    if not rows and not (DATA / "problems").exists():
        print("No problems beside this checkout; nothing to label.")
        return
    started = time.monotonic()
    if (DATA / "problems").exists():
        limits = LabelLimits(per_statement=arguments.per_statement, total=80)
        labeled = {json.loads(row)["problem"] for row in rows}
        problems = chosen(arguments.problems, arguments.sets)
        lacking = [each for each in problems if each["task_id"] not in labeled]
        for row in new_rows(lacking, limits, arguments.seconds):
            rows.append(row)
            if path is not None:
                with path.open("a") as file:
                    file.write(row + "\n")
    made = time.monotonic()
    found = evaluate(list(examples_of(rows)))
    trained = time.monotonic()
    if arguments.json:
        print(json.dumps(asdict(found), indent=1))
    else:
        print("\n".join(figures(found)))
        print(f"labels: {made - started:.0f} s, model: {trained - made:.0f} s")


if __name__ == "__main__":
    main()
