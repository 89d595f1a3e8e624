"""The offline proposer on public problem sets, as the command line runs it.

Every problem becomes a folder with a stub and its visible tests; ten seconds each.
Hidden tests only score what a search returned. There is no peer to print beside it: the
figures are what a person without a model can expect.

    python benchmarks/offline_solver.py [--problems 20] [--seconds 10] [--json]

The problems are not part of this repository; without them this says so and ends.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from replayed_search import DATA, passes_hidden, run, write_task

SETS = ("humaneval", "mbpp_sanitized")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    problems: int = 0
    visible: int = 0
    """Rank 1 passes the visible tests."""
    hidden: int = 0
    """Of these, rank 1 passes the hidden tests too."""
    any_hidden: int = 0
    """Of these, a candidate of the first four does."""
    seconds: float = 0.0


def chosen(name: str, count: int) -> Sequence[Mapping[str, Any]]:
    """Spread the problems evenly over the set, whatever its order."""
    lines = (DATA / "problems" / f"{name}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines[:: max(1, len(lines) // count)]][:count]


def play(row: Row, problem: Mapping[str, Any], folder: Path, seconds: float) -> Row:
    write_task(folder, problem, "visible_tests")
    target = f"solution.py::{problem['entry_point']}"
    document = run(folder, "generate", target, "--max-seconds", f"{seconds:g}")
    passing = [
        candidate["code"]
        for candidate in document["candidates"][:4]
        if candidate["passed"] == candidate["total"] > 0
    ]
    verdicts = [
        passes_hidden(folder.with_name(f"{folder.name}-{rank}"), problem, code)
        for rank, code in enumerate(passing)
    ]
    return replace(
        row,
        problems=row.problems + 1,
        visible=row.visible + bool(passing),
        hidden=row.hidden + any(verdicts[:1]),
        any_hidden=row.any_hidden + any(verdicts),
        seconds=row.seconds + document["usage"]["seconds"],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--problems", type=int, default=20, help="of all sets together")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--set", choices=SETS, action="append", dest="sets")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not (DATA / "problems").exists():
        print("No problems beside this checkout; nothing to solve.")
        return
    names = arguments.sets or SETS
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            row = Row(name=name)
            problems = chosen(name, max(1, arguments.problems // len(names)))
            for number, problem in enumerate(problems):
                folder = Path(scratch) / f"{name}-{number}"
                row = play(row, problem, folder, arguments.seconds)
                print(f"\r{name} {number + 1}/{len(problems)}", end="", file=sys.stderr)
            rows.append(row)
    print(file=sys.stderr)
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
        return
    columns = ("problems", "visible", "hidden", "any_hidden", "seconds")
    print(f"{'':16}" + "".join(f"{column:>12}" for column in columns))
    for row in rows:
        figures = "".join(f"{getattr(row, column):12.0f}" for column in columns)
        print(f"{row.name:16}{figures}")


if __name__ == "__main__":
    main()
