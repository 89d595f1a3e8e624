"""The search on recorded outputs of real models, beside their plain first draft.

Every problem becomes a folder with a stub and a test file, and the command line runs on
it against a loopback endpoint that plays the recordings back. All rows draw from the
same recordings in the same order. Hidden tests only score what a search returned.

    python benchmarks/replayed_search.py [--problems 20] [--json] [--prm-model FILE]
                                         [--results FILE] [--total-seconds S]

With `--results` each problem is written down once all rows have searched on it, and a
run that was broken off, or ran out of `--total-seconds`, goes on from there.

With a trained process reward model of lines (`orps-lsp prm train`), searches with it as
their critic stand beside those without: train it on other problems than HumanEval's.

The recordings are not part of this repository; without them this says so and ends.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.replay_endpoint import ReplayEndpoint  # noqa: E402
from support.replay_recordings import Recordings  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
PROBLEMS = DATA / "problems" / "humaneval.jsonl"
REPLAYS = DATA / "replays" / "contested_gpt35.jsonl.gz"
CLI = [sys.executable, "-P", "-m", "orps_server"]

ROWS: Mapping[str, Sequence[str]] = {
    "first draft": ("--samples", "1", "--rounds", "0"),
    "orps-code": ("--policy", "orps-code"),
    "opal": ("--policy", "opal"),
}
CRITICS = ("prm", "both")
CRITICIZED = ("orps-code", "opal")
"""The policies that are run with each critic, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Of one search, or of all with the same name."""

    name: str
    solved: int = 0
    """Rank 1 passes the hidden tests."""
    false_accepts: int = 0
    """Rank 1 passes the visible tests and fails a hidden one."""
    visible: int = 0
    requests: int = 0
    executions: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Row") -> "Row":
        return Row(
            name=self.name,
            solved=self.solved + other.solved,
            false_accepts=self.false_accepts + other.false_accepts,
            visible=self.visible + other.visible,
            requests=self.requests + other.requests,
            executions=self.executions + other.executions,
            seconds=self.seconds + other.seconds,
        )


def write_task(folder: Path, problem: Mapping[str, Any], tests: str) -> None:
    preamble = problem["preamble"]
    stub = problem["stub"]
    text = stub if preamble.strip() in stub else f"{preamble}\n{stub}"
    name = problem["entry_point"]
    lines = [f"from solution import {name}"]
    for idx, test in enumerate(problem[tests]):
        lines.append(f"\n\ndef test_{idx}():\n" + textwrap.indent(test, "    "))
    folder.mkdir()
    (folder / "solution.py").write_text(text)
    (folder / "test_solution.py").write_text("\n".join(lines) + "\n")


def run(folder: Path, *arguments: str) -> dict[str, Any]:
    command = [*CLI, *arguments, "--json", "--python", sys.executable]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, check=False, text=True
    )
    # A negative one is a signal: whoever was killed has printed nothing.
    if done.returncode not in (0, 1, 2):
        raise SystemExit(f"{folder.name}: {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def passes_hidden(folder: Path, problem: Mapping[str, Any], code: str) -> bool:
    hidden = folder.with_name(folder.name + "-hidden")
    write_task(hidden, problem, "hidden_tests")
    (hidden / "candidate.txt").write_text(code)
    target = f"solution.py::{problem['entry_point']}"
    document = run(hidden, "verify", target, "--candidate", "candidate.txt")
    best = document["candidates"][0]
    return best["passed"] == best["total"]


def rows_with(prm_model: Path | None) -> Mapping[str, Sequence[str]]:
    """What is compared; each critic of lines beside the same search without it."""
    rows = dict(ROWS)
    if prm_model is not None:
        for name in CRITICIZED:
            for critic in CRITICS:
                model = ("--critic", critic, "--prm-model", str(prm_model.resolve()))
                rows[f"{name}, {critic}"] = (*ROWS[name], *model)
    return rows


def play(
    name: str, flags: Sequence[str], problem: Mapping[str, Any], folder: Path
) -> Row:
    write_task(folder, problem, "visible_tests")
    target = f"solution.py::{problem['entry_point']}"
    recordings = Recordings.load(REPLAYS, PROBLEMS)
    with ReplayEndpoint(recordings.answer) as endpoint:
        model = ("--base-url", endpoint.url, "--model", "replay")
        document = run(folder, "generate", target, *model, *flags)
    usage = document["usage"]
    best = next(iter(document["candidates"]), None)
    visible = best is not None and best["passed"] == best["total"] > 0
    solved = best is not None and passes_hidden(folder, problem, best["code"])
    return Row(
        name=name,
        solved=solved,
        visible=visible,
        false_accepts=visible and not solved,
        requests=usage["requests"],
        executions=usage["executions"],
        seconds=usage["seconds"],
    )


def kept(results: Path | None) -> dict[str, list[Row]]:
    """By problem, what each search on it has come to."""
    if results is None or not results.exists():
        return {}
    lines = map(json.loads, results.read_text().splitlines())
    return {task: [Row(**row) for row in rows] for task, rows in lines}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--problems", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--prm-model", type=Path)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--total-seconds", type=float, default=math.inf)
    arguments = parser.parse_args()
    if not PROBLEMS.exists():
        print("No recordings beside this checkout; nothing to play back.")
        return
    lines = PROBLEMS.read_text().splitlines()
    step = max(1, len(lines) // arguments.problems)
    problems = [json.loads(line) for line in lines[::step]][: arguments.problems]
    flags = rows_with(arguments.prm_model)
    found = kept(arguments.results)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        for problem in [each for each in problems if each["task_id"] not in found]:
            if time.monotonic() - started > arguments.total_seconds:
                print("\nout of time: not all problems were played", file=sys.stderr)
                break
            folder = Path(scratch) / str(len(found))
            played = [
                play(name, each, problem, folder.with_name(f"{folder.name}-{idx}"))
                for idx, (name, each) in enumerate(flags.items())
            ]
            found[problem["task_id"]] = played
            if arguments.results is not None:
                with arguments.results.open("a") as file:
                    line = [problem["task_id"], [asdict(row) for row in played]]
                    file.write(json.dumps(line) + "\n")
            print(f"\r{len(found)}/{len(problems)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    rows = [reduce(add, each) for each in zip(*found.values(), strict=True)]
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
        return
    columns = (
        "solved",
        "false_accepts",
        "visible",
        "requests",
        "executions",
        "seconds",
    )
    print(f"{len(found)} problems; sums over all of them")
    print(f"{'':16}" + "".join(f"{column:>15}" for column in columns))
    for row in rows:
        figures = "".join(f"{getattr(row, column):15.0f}" for column in columns)
        print(f"{row.name:16}{figures}")


if __name__ == "__main__":
    main()
