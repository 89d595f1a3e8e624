"""Repair without a model, on wrong outputs that real models were recorded with.

Each recorded program that fails a visible test is repaired twice within the same time:
edits ordered by blame and likelihood, and the same edits by likelihood alone. Hidden
tests only judge the first repair that was found. How many lines are wrong is counted to
the nearest recorded program, or reference, that is right.

    python benchmarks/repair.py [--problems 24] [--seconds 20] [--json]
                                [--results FILE] [--total-seconds S]

With `--results` each program is written down when both orders have tried it, and a run
that was broken off, or ran out of `--total-seconds`, goes on from there.

The recordings are not part of this repository; without them this says so and ends.
"""

import argparse
import ast
import difflib
import gzip
import json
import math
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import anyio

from orps_search.offline.repair import ScreenedRepair
from orps_server.engine import GenerateRequest, open_workbench
from orps_server.errors import RequestFault
from orps_server.settings import Settings
from replayed_search import DATA, passes_hidden, write_task

RECORDING = "contested_gpt35"
SETS = ("humaneval", "mbpp_sanitized")
BUCKETS = ((1, "1"), (2, "2"), (4, "3-4"), (8, "5-8"), (10**6, "more"))
ORDERS = {"blame": True, "plain": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A recorded program that fails a visible test."""

    problem: Mapping[str, Any]
    code: str
    n_wrong_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    task: str
    order: str
    n_wrong_lines: int
    fixed: bool
    """All visible tests pass."""
    verified: bool
    """The first repair passes the hidden tests too."""
    n_screened: int
    seconds: float


def wrong_programs(count: int) -> Iterator[Wrong]:
    """One program a problem, evenly over the recording."""
    problems: dict[str, Mapping[str, Any]] = {}
    for name in SETS:
        for line in (DATA / "problems" / f"{name}.jsonl").read_text().splitlines():
            problem = json.loads(line)
            problems[problem["task_id"]] = problem
    with gzip.open(DATA / "replays" / f"{RECORDING}.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    found = [wrong for row in rows if (wrong := _wrong_of(row, problems)) is not None]
    step = max(1, len(found) // count)
    yield from found[::step][:count]


def _wrong_of(
    row: Mapping[str, Any], problems: Mapping[str, Mapping[str, Any]]
) -> Wrong | None:
    problem = problems.get(row["task_id"])
    pairs = list(zip(row["samples"], row["results"], strict=True))
    if problem is None:
        return None
    right = [code for code, result in pairs if result["ok"]] + [problem["reference"]]
    for code, result in pairs:
        if result["vis"] < 1.0 and problem["entry_point"] in code and _lines(code):
            distance = min(_distance(code, other) for other in right)
            if distance:
                return Wrong(problem=problem, code=code, n_wrong_lines=distance)
    return None


def _distance(one: str, other: str) -> int:
    """How many lines of `one` differ, in one layout."""
    matcher = difflib.SequenceMatcher(None, _lines(one), _lines(other), autojunk=False)
    return sum(
        max(high - low, other_high - other_low)
        for tag, low, high, other_low, other_high in matcher.get_opcodes()
        if tag != "equal"
    )


def _lines(code: str) -> list[str]:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree).splitlines()


async def repaired(folder: Path, wrong: Wrong, order: str, seconds: float) -> Attempt:
    entry = wrong.problem["entry_point"]
    request = GenerateRequest(file=folder / "solution.py", qualname=entry)
    code, n_screened = None, 0
    started = time.monotonic()
    async with open_workbench(request, Settings()) as bench:
        repair = ScreenedRepair(bench.problem, bench.executor, blame=ORDERS[order])
        with anyio.move_on_after(seconds):
            proposal = await repair.next()
            if repair.solved and proposal is not None:
                candidate = await bench.verify(proposal.code)
                code = proposal.code if candidate.outcome.all_passed else None
        n_screened = repair.n_screened
    elapsed = time.monotonic() - started
    verdict = folder.with_name(f"{folder.name}-{order}")
    verified = code is not None and passes_hidden(verdict, wrong.problem, code)
    return Attempt(
        task=wrong.problem["task_id"],
        order=order,
        n_wrong_lines=wrong.n_wrong_lines,
        fixed=code is not None,
        verified=verified,
        n_screened=n_screened,
        seconds=round(elapsed, 2),
    )


def kept(results: Path | None) -> list[Attempt]:
    if results is None or not results.exists():
        return []
    return [Attempt(**json.loads(line)) for line in results.read_text().splitlines()]


def play(options: argparse.Namespace) -> list[Attempt]:
    attempts = kept(options.results)
    done = {each.task for each in attempts}
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        for number, wrong in enumerate(wrong_programs(options.problems)):
            if wrong.problem["task_id"] in done:
                continue
            if time.monotonic() - started > options.total_seconds:
                print("out of time: not all programs were tried", file=sys.stderr)
                break
            found: list[Attempt] = []
            folder = Path(scratch) / str(number)
            write_task(folder, wrong.problem, "visible_tests")
            (folder / "solution.py").write_text(wrong.code)
            # Each order goes first every other time: the disk is warm for the second.
            orders = list(ORDERS)[:: -1 if number % 2 else 1]
            for order in orders:
                try:
                    attempt = anyio.run(repaired, folder, wrong, order, options.seconds)
                except RequestFault as fault:
                    print(f"{wrong.problem['task_id']}: {fault}", file=sys.stderr)
                    break
                found.append(attempt)
                print(attempt, file=sys.stderr)
            attempts += found
            if options.results is not None:
                with options.results.open("a") as file:
                    file.writelines(f"{json.dumps(asdict(each))}\n" for each in found)
    return attempts


def bucket(attempt: Attempt) -> str:
    return next(name for limit, name in BUCKETS if attempt.n_wrong_lines <= limit)


def table(attempts: Sequence[Attempt]) -> Iterator[str]:
    yield f"{'wrong lines':12}{'order':8}{'programs':>10}{'fixed':>8}{'verified':>10}{'screened':>10}{'seconds':>9}"
    for name in (*(name for _, name in BUCKETS), "all"):
        for order in ORDERS:
            chosen = [
                each
                for each in attempts
                if each.order == order and name in (bucket(each), "all")
            ]
            if chosen:
                yield (
                    f"{name:12}{order:8}{len(chosen):10}"
                    f"{sum(each.fixed for each in chosen):8}"
                    f"{sum(each.verified for each in chosen):10}"
                    f"{sum(each.n_screened for each in chosen) // len(chosen):10}"
                    f"{sum(each.seconds for each in chosen) / len(chosen):9.1f}"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--problems", type=int, default=24)
    parser.add_argument("--seconds", type=float, default=20.0, help="for each repair")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--total-seconds", type=float, default=math.inf)
    arguments = parser.parse_args()
    if not (DATA / "replays").exists():
        print("No recordings beside this checkout; nothing to repair.")
        return
    attempts = play(arguments)
    if arguments.json:
        print(json.dumps([asdict(each) for each in attempts], indent=1))
    else:
        print("\n".join(table(attempts)))


if __name__ == "__main__":
    main()
