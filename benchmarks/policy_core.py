"""What the policies themselves cost: no model, no execution, only ask, tell and best.

A step is one piece of work asked for and told, with the best candidate looked up after
it, as a search that may be interrupted at any instant does. Times are CPU times. Sizes
grow tenfold; where the cost of a step stays about the same, nothing grows quadratically.
One candidate in eight passes every case, each of these in a behavior of its own, so that
no search ends early. `abmcts` sorts the whole tree at each step, in its own package: it
is measured up to a thousand candidates.

    python benchmarks/policy_core.py [--json] [--policy NAME]...
"""

import argparse
import json
import sys
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from orps_search.candidate import Candidate, CandidateId, Critique  # noqa: E402
from orps_search.config import SearchConfig  # noqa: E402
from orps_search.policies import POLICIES  # noqa: E402
from orps_search.policy import Contest, Policy, Review  # noqa: E402
from orps_search.proposer import Expansion  # noqa: E402
from support.searching import state  # noqa: E402

SIZES = (100, 1_000, 10_000)
LARGEST = {"abmcts": 1_000}
"""For policies that would take minutes."""
BAR_CHARACTERS = 40
ENDLESS = {"opal", "bon", "abmcts"}
"""Policies that no passing candidate ends at once."""
CRITIQUE = Critique(text="", process_reward=3)
N_CASES = 8
N_INPUTS = 24
# A program for each set of cases that pass, but for the one that would end a search.
TEMPLATES = tuple(
    replace(
        state(
            "c",
            passed=[bool(number >> idx & 1) for idx in range(N_CASES)],
            reward=number / 2**N_CASES,
        ),
        code="return " * (1 + number % 7),
    )
    for number in range(2**N_CASES - 1)
)


def config_of(name: str, size: int) -> SearchConfig:
    match name:
        case "bon":
            return SearchConfig(samples_per_round=size)
        case "reflexion":
            return SearchConfig(max_rounds=size)
        case _:
            # N(KT + 1) is about the size.
            return SearchConfig(samples_per_round=20, max_rounds=size // 40)


def play(policy: Policy, candidates: Sequence[Candidate]) -> int:
    """How many steps it took until there were so many candidates, or the end."""
    n_steps = n_candidates = 0
    works = list(policy.ask())
    while works and n_candidates < len(candidates):
        work = works.pop()
        match work:
            case Expansion():
                policy.tell(work.id, candidates[n_candidates])
                n_candidates += 1
            case Review():
                policy.tell_critique(work.candidate.id, CRITIQUE)
            case Contest():
                pass
        policy.best()
        works += policy.ask()
        n_steps += 1
    return n_steps


def written(size: int, *, may_pass: bool) -> list[Candidate]:
    """Candidates that are there before the clock starts."""
    return [
        passing(idx)
        if may_pass and not idx % 8
        else replace(TEMPLATES[idx * 7919 % len(TEMPLATES)], id=CandidateId(f"c{idx}"))
        for idx in range(1, size + 1)
    ]


def passing(idx: int) -> Candidate:
    template = state(f"c{idx}", passed=[True] * N_CASES)
    outputs = [str(idx * place % 97) for place in range(1, N_INPUTS)]
    return replace(template, outputs=(*outputs, str(idx)))


def measured(name: str, size: int) -> dict[str, object]:
    policy = POLICIES[name].make(config_of(name, size))
    candidates = written(size, may_pass=name in ENDLESS)
    started = time.process_time()
    n_steps = play(policy, candidates)
    seconds = time.process_time() - started
    return {
        "policy": name,
        "size": size,
        "candidates": len(policy.ranking()),
        "steps": n_steps,
        "microseconds_per_step": seconds / n_steps * 1e6,
        "steps_per_second": n_steps / seconds,
        "bytes_per_candidate": memory(name, size),
    }


def memory(name: str, size: int) -> float:
    """Of what the policy keeps beside the candidates themselves."""
    candidates = written(size, may_pass=name in ENDLESS)
    tracemalloc.start()
    policy = POLICIES[name].make(config_of(name, size))
    play(policy, candidates)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / max(1, len(policy.ranking()))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    known = [name for name in POLICIES if name != "cot"]
    parser.add_argument("--policy", action="append", choices=known)
    arguments = parser.parse_args()
    names = arguments.policy or known
    rows = [
        measured(name, size)
        for name in names
        for size in SIZES
        if size <= LARGEST.get(name, size)
    ]
    if arguments.json:
        print(json.dumps(rows, indent=1))
        return
    print(
        f"{'policy':12}{'candidates':>12}{'steps':>8}{'us/step':>9}{'steps/s':>10}"
        f"{'bytes each':>12}"
    )
    for row in rows:
        print(
            f"{row['policy']:12}{row['candidates']:12}{row['steps']:8}"
            f"{row['microseconds_per_step']:9.1f}{row['steps_per_second']:10,.0f}"
            f"{row['bytes_per_candidate']:12,.0f}"
        )
    plot(rows)


def plot(rows: Sequence[dict[str, object]]) -> None:
    """The cost of a step against the size: what grows shows."""
    costs = [float(str(row["microseconds_per_step"])) for row in rows]
    print("\nCPU time of a step")
    for row, cost in zip(rows, costs, strict=True):
        bar = "#" * max(1, round(BAR_CHARACTERS * cost / max(costs)))
        print(f"{row['policy']:12}{row['size']:8} {bar} {cost:.1f} us")


if __name__ == "__main__":
    main()
