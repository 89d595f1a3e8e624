"""The ORPS paper's table for a finished bench: solved, and costs beside the reference.

    orps-lsp bench PROBLEMS.jsonl --base-url URL --model NAME --out RUN
    python benchmarks/orps_metrics.py RUN PROBLEMS.jsonl [--stress stress_calls.json]

A row for each policy: the share of problems solved, then the mean over the solved ones
of time, instructions, branch misses, page faults, lines, syntax nodes, cyclomatic and
cognitive complexity, each in percent of the reference solution and at most 1000. Times
are CPU times of the hidden tests, or of the stress calls where there are some: large
inputs, on which programs differ. `stress_calls.json` beside the problems is used
unasked. What this host cannot count is a dash.

Without arguments this says what it needs and ends.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import anyio

from orps_server.bench.dataset import load_data_sets
from orps_server.bench.efficiency import MEASURES, measures, percentages
from orps_server.bench.measuring import StressCalls, load_stress_calls, measured
from orps_server.bench.result import OWN, Run, run_from_json
from orps_server.bench.results_file import NAME
from orps_server.bench.task import Problem
from orps_server.errors import RequestFault
from orps_server.settings import Settings, settings_from_json

Shares = Mapping[tuple[str, str], Mapping[str, float]]
"""By task and code."""


def read_runs(folder: Path) -> list[Run]:
    lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
    return [run_from_json(json.loads(line)) for line in lines[1:]]


async def shares_of(
    problems: Sequence[Problem],
    solved: Mapping[str, Sequence[str]],
    stress: StressCalls,
    settings: Settings,
) -> Shares:
    """Of every program that solved its problem, one problem after the other."""
    found: dict[tuple[str, str], Mapping[str, float]] = {}
    for problem in problems:
        name = problem.task.id
        if not problem.hidden.reference or name not in solved:
            continue
        calls = stress.get(name, ())
        try:
            reference, programs = await measured(problem, solved[name], calls, settings)
        except RequestFault as fault:
            print(f"left out {name}: {fault}", file=sys.stderr)
            continue
        for code, amounts in programs.items():
            found[name, code] = measures(amounts, reference)
    return found


def table(runs: Sequence[Run], shares: Shares) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    groups: dict[tuple[str, int], list[Run]] = defaultdict(list)
    for run in runs:
        groups[run.key.policy, run.key.budget].append(run)
    for (policy, budget), found in groups.items():
        solved = [run for run in found if _is_solved(run)]
        known = [
            shares[run.key.task, run.code]
            for run in solved
            if (run.key.task, run.code) in shares
        ]
        rows.append(
            {
                "policy": policy,
                "budget": budget,
                "solved": 100 * len(solved) / len(found),
                "measured": len(known),
                **percentages(known),
            }
        )
    return rows


def _is_solved(run: Run) -> bool:
    return OWN in run.picks and run.picks[OWN].solved


def print_table(rows: Sequence[Mapping[str, object]]) -> None:
    names = {
        "instructions": "instr.",
        "branch_misses": "misses",
        "page_faults": "faults",
    }
    heads = "".join(f"{names.get(name, name):>11}" for name in MEASURES)
    print(f"{'policy':<12}{'budget':>7}{'solved':>8}{'n':>5}{heads}")
    for row in rows:
        cells = "".join(
            f"{row[name]:>11.1f}" if name in row else f"{'-':>11}" for name in MEASURES
        )
        print(
            f"{row['policy']:<12}{row['budget']:>7}{row['solved']:>8.1f}"
            f"{row['measured']:>5}{cells}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("run", nargs="?", type=Path, help="what bench had as --out")
    parser.add_argument("data_sets", nargs="*", type=Path, metavar="PROBLEMS.jsonl")
    parser.add_argument("--stress", type=Path)
    parser.add_argument("--budget", type=int, help="default: the largest of the run")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not (arguments.run and arguments.data_sets):
        print("Name the --out folder of a bench and its problems; see --help.")
        return
    try:
        rows = anyio.run(measured_rows, arguments)
    except RequestFault as fault:
        raise SystemExit(f"{fault} {fault.hint}") from None
    if arguments.json:
        print(json.dumps(rows, indent=1))
    else:
        print("percent of the reference, mean over solved problems; less is better")
        print_table(rows)


async def measured_rows(arguments: argparse.Namespace) -> list[dict[str, object]]:
    runs = read_runs(arguments.run)
    budget = arguments.budget or max(run.key.budget for run in runs)
    runs = [run for run in runs if run.key.budget == budget]
    stress_file = arguments.stress
    beside = arguments.data_sets[0].with_name("stress_calls.json")
    if stress_file is None and beside.exists():
        stress_file = beside
    stress = load_stress_calls(stress_file) if stress_file else {}
    solved: dict[str, list[str]] = defaultdict(list)
    for run in runs:
        if _is_solved(run) and run.code not in solved[run.key.task]:
            solved[run.key.task].append(run.code)
    settings, _ = settings_from_json(
        {"interpreter": arguments.python, "sandbox.workers": 1}
    )
    problems = load_data_sets(arguments.data_sets).problems
    shares = await shares_of(problems, solved, stress, settings)
    return table(runs, shares)


if __name__ == "__main__":
    main()
