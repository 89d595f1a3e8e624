"""Which of the passing samples should be shown? Rank 1 against the hidden tests.

    python benchmarks/selection.py [--json] [--limit N] [--samples N] [--draws N]
                                   [--pool NAME]... [--results FILE] [--seconds S]

For each pool of recorded outputs and each problem, twice as many samples as are drawn
are executed once, on the visible tests and on generated inputs. Each way to choose then
chooses among the same draws of them, so that one problem more is no accident of a draw:

    random      a passing sample by chance (its expected share)
    first       the first passing sample
    majority    the largest class of equal behavior
    codet       CodeT's dual agreement, with outputs on generated inputs as its tests
    ours        agreement input by input, `orps_search.selection.pickers.agreement`

Shares are means over draws, of all problems with a passing sample; the intervals hold 95 % of 1,000
resamples of the problems, differences are paired.

With `--results` each problem is written down as soon as it is judged, and a run that was
broken off, or ran out of its `--seconds`, goes on from there; the file belongs to one
`--samples` and `--draws`. The pools are judged by turns.
"""

import argparse
import json
import math
import random
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from pathlib import Path

import anyio

from orps_sandbox.errors import SandboxError
from orps_search.candidate import Candidate, CandidateId
from orps_search.evidence import evidence_of
from orps_search.execution import execute_candidate
from orps_search.proposer import Proposal
from orps_search.selection.pickers import agreement, codet, plurality
from orps_search.selection.samples import Sample
from orps_server.bench.dataset import load_data_sets
from orps_server.bench.folder import open_task, scoring_task
from orps_server.bench.recording import (
    Recorded,
    RecordedRow,
    load_recordings,
    read_recording,
)
from orps_server.bench.scoring import score
from orps_server.bench.steady import SteadyRunner
from orps_server.bench.task import Problem
from orps_server.errors import RequestFault
from orps_server.settings import Settings, settings_from_json

DATA = Path(__file__).parents[2] / "shared" / "data"
POOLS = (
    "contested_gpt35",
    "codet_codegen16b",
    "murdza",
    "strongpool",
    "mint_multiturn",
    "classeval_multi",
)
WAYS = ("random", "first", "majority", "codet", "ours")
N_RESAMPLES = 1000


@dataclass(frozen=True, kw_only=True)
class Row:
    """One problem of one pool: the share of right programs at rank 1, by way."""

    pool: str
    task: str
    n_passing: int
    n_behaviors: int
    right: dict[str, float]


async def judged(
    pool: str, problem: Problem, recorded: RecordedRow, n_samples: int, n_draws: int
) -> Row | None:
    """`None` where no sample passes, or the problem cannot be run here."""
    settings = settings_from_json({"tests": {"timeoutSeconds": 3}})[0]
    drafts = list(read_recording(recorded).drafts)
    rng = random.Random(0)
    rng.shuffle(drafts)
    drafts = drafts[: 2 * n_samples]
    samples = await executed(problem, drafts, settings)
    passing = {
        form: each
        for form, each in samples.items()
        if each.candidate.outcome.all_passed
    }
    codes = list(dict.fromkeys(each.candidate.code for each in passing.values()))
    task = scoring_task(problem.task, problem.hidden.tests)
    is_right = await score(task, codes, settings)
    draws = [rng.sample(drafts, min(n_samples, len(drafts))) for _ in range(n_draws)]
    drawn = [found for draw in draws if (found := drawn_of(draw, passing))]
    if not drawn:
        return None
    shares = [shares_of(each, is_right) for each in drawn]
    return Row(
        pool=pool,
        task=problem.task.id,
        n_passing=sum(each.n_found for each in drawn[0]),
        n_behaviors=len({each.behavior for each in drawn[0]}),
        right={way: sum(each[way] for each in shares) / len(shares) for way in WAYS},
    )


def drawn_of(draw: list[Recorded], passing: dict[str, Sample]) -> list[Sample]:
    """The passing samples of a draw, in its order."""
    counts = Counter(each.form for each in draw if each.form in passing)
    return [replace(passing[form], n_found=count) for form, count in counts.items()]


def shares_of(passing: list[Sample], is_right: dict[str, bool]) -> dict[str, float]:
    """By way, whether its choice is right; by chance, how likely."""
    chosen = {
        "first": passing[0],
        "majority": plurality(passing),
        "codet": codet(passing),
        "ours": agreement(passing),
    }
    n_found = sum(each.n_found for each in passing)
    n_right = sum(each.n_found for each in passing if is_right[each.candidate.code])
    return {"random": n_right / n_found} | {
        way: float(is_right[sample.candidate.code])
        for way, sample in chosen.items()
        if sample is not None
    }


async def executed(
    problem: Problem, drafts: list[Recorded], settings: Settings
) -> dict[str, Sample]:
    """Distinct programs that could be run, by their forms."""
    found: dict[str, Sample] = {}
    async with open_task(problem.task, settings) as workbench:
        runner = SteadyRunner(workbench.executor)
        evidence = evidence_of(workbench.problem)
        # A dictionary keeps the place of the first and here also its program.
        for form, code in {d.form: d.code for d in drafts}.items():
            candidate = await execute_candidate(
                workbench.problem,
                Proposal(reasoning="", code=code),
                runner,
                id=CandidateId(f"c{len(found)}"),
                evidence=evidence,
            )
            if isinstance(candidate, Candidate):
                found[form] = Sample(candidate=candidate)
    return found


class Kept:
    """What was judged, by pool and recording; `None` where nothing could be chosen."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._rows: dict[str, Row | None] = {}
        if path is not None and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                key, row = json.loads(line)
                self._rows[key] = row and Row(**row)

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, key: str, row: Row | None) -> None:
        self._rows[key] = row
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps([key, row and asdict(row)]) + "\n")

    def rows(self, pools: list[str]) -> list[Row]:
        found = [row for row in self._rows.values() if row is not None]
        return [row for row in found if row.pool in pools]


async def run(pools: list[str], options: argparse.Namespace, kept: Kept) -> None:
    """The pools by turns, so that what was done when time is up is of all of them."""
    files = sorted((DATA / "problems").glob("*.jsonl"))
    problems = {each.task.id: each for each in load_data_sets(files).problems}
    turns: list[list[tuple[str, RecordedRow]]] = []
    for pool in pools:
        recordings = load_recordings([DATA / "replays" / f"{pool}.jsonl.gz"])
        known = [row for row in recordings if row.task_id in problems]
        turns.append([(pool, row) for row in chosen(known, options.limit)])
    started = time.monotonic()
    for pool, recorded in (
        each for turn in zip_longest(*turns) for each in turn if each
    ):
        key = f"{pool} {recorded.task_id} {recorded.model}"
        if key in kept:
            continue
        if time.monotonic() - started > options.seconds:
            print("\nout of time: not all problems were judged", file=sys.stderr)
            return
        try:
            problem = problems[recorded.task_id]
            row = await judged(pool, problem, recorded, options.samples, options.draws)
        except (RequestFault, SandboxError) as error:
            print(f"left out {recorded.task_id}: {error}", file=sys.stderr)
            row = None
        kept.add(key, row)
        print(f"\r{len(kept)} problems", end="", file=sys.stderr)


def chosen(known: list[RecordedRow], limit: int) -> list[RecordedRow]:
    """So many of them, evenly over the recording and in no order of it."""
    found = known[:: max(1, len(known) // limit)][:limit]
    random.Random(0).shuffle(found)
    return found


def interval(differences: list[float]) -> tuple[float, float]:
    rng = random.Random(0)
    means = sorted(
        sum(rng.choices(differences, k=len(differences))) / len(differences)
        for _ in range(N_RESAMPLES)
    )
    return means[N_RESAMPLES // 40], means[-N_RESAMPLES // 40]


def table(rows: list[Row], pools: list[str]) -> str:
    lines = [f"{'pool':20} {'problems':>8} " + " ".join(f"{way:>9}" for way in WAYS)]
    for name in (*pools, "all"):
        chosen = [row for row in rows if name in (row.pool, "all")]
        if not chosen:
            continue
        shares = [share(chosen, way) for way in WAYS]
        lines.append(
            f"{name:20} {len(chosen):8} " + " ".join(f"{100 * s:8.1f}%" for s in shares)
        )
        for way in WAYS[1:4]:
            low, high = interval([r.right["ours"] - r.right[way] for r in chosen])
            lines.append(
                f"{'':20} ours - {way:9} {100 * (share(chosen, 'ours') - share(chosen, way)):+5.1f}"
                f"  [{100 * low:+.1f}, {100 * high:+.1f}]"
            )
    return "\n".join(lines)


def share(rows: list[Row], way: str) -> float:
    return sum(row.right[way] for row in rows) / len(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--limit", type=int, default=40, help="problems of each pool")
    parser.add_argument("--samples", type=int, default=20, help="samples of a problem")
    parser.add_argument("--draws", type=int, default=20, help="draws of them")
    parser.add_argument("--pool", action="append", choices=POOLS)
    parser.add_argument("--seconds", type=float, default=math.inf, help="stop then")
    parser.add_argument("--results", type=Path, help="what is judged; goes on from it")
    options = parser.parse_args()
    if not DATA.exists():
        print(f"There are no recorded outputs at {DATA}.")
        return
    pools: list[str] = list(options.pool or POOLS)
    kept = Kept(options.results)
    anyio.run(run, pools, options, kept)
    print(file=sys.stderr)
    rows = kept.rows(pools)
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        print(table(rows, pools))


if __name__ == "__main__":
    main()
