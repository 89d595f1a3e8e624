"""Every search policy on generated problems, in virtual time.

The model of problems, repairs, critics and latencies is `support.simulated_world`; the
settings sweep how well repairs work, how much a critic knows, how weak the tests are,
how often programs repeat, and how latencies vary. All policies get the same problems
and the same random numbers; intervals are of a paired bootstrap over problems. The
second table is about time: until something passes, and until the search ends, beside
the rounds of `orps`, with 8 and 16 calls in flight.

    python benchmarks/policy_simulation.py [--full] [--problems N] [--json]

Quick by default (about half a minute); `--full` takes 400 problems, budgets up to 640
and policies of extras.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from orps_search.policies import POLICIES  # noqa: E402
from orps_server.bench.resampling import Interval, Resamples  # noqa: E402
from orps_server.bench.spending import config_for  # noqa: E402
from support.simulated_world import SETTINGS, Setting, World  # noqa: E402
from support.virtual_time import Simulated, simulate  # noqa: E402

PEER = "orps"
QUICK = ("opal", "orps-code", "orps", "bon", "reflexion", "rex")
TIMED = ("opal", "bon", "rex")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    setting: str
    policy: str
    budget: int
    workers: int
    solved: Interval
    minus_peer: Interval
    """Of the shares solved."""
    false_accepts: float
    calls: float
    seconds: float
    seconds_to_pass: float | None
    """Mean over the problems in which both this policy and the peer got there."""
    seconds_to_pass_ratio: float | None
    """To the peer's, on the same problems."""
    seconds_ratio: float


def played(
    setting: Setting, policy: str, *, budget: int, workers: int, n_problems: int
) -> list[Simulated]:
    return [
        simulate(
            World(number, setting),
            POLICIES[policy].make(
                replace(config_for(policy, budget, number), in_flight=workers)
            ),
            budget=budget,
            workers=workers,
        )
        for number in range(n_problems)
    ]


def rows(
    setting: Setting,
    policies: Sequence[str],
    *,
    budget: int,
    workers: int,
    n_problems: int,
) -> list[Row]:
    found = {
        policy: played(
            setting, policy, budget=budget, workers=workers, n_problems=n_problems
        )
        for policy in dict.fromkeys((*policies, PEER))
    }
    resamples = Resamples([str(number) for number in range(n_problems)])
    return [
        _row(
            found[policy],
            found[PEER],
            resamples,
            setting=setting.name,
            policy=policy,
            budget=budget,
            workers=workers,
        )
        for policy in found
    ]


def _row(
    ours: Sequence[Simulated],
    peers: Sequence[Simulated],
    resamples: Resamples,
    *,
    setting: str,
    policy: str,
    budget: int,
    workers: int,
) -> Row:
    n = len(ours)
    pairs = list(zip(ours, peers, strict=True))
    both = [
        (mine.seconds_to_pass, theirs.seconds_to_pass)
        for mine, theirs in pairs
        if mine.seconds_to_pass is not None and theirs.seconds_to_pass is not None
    ]
    mine, theirs = sum(pair[0] for pair in both), sum(pair[1] for pair in both)
    return Row(
        setting=setting,
        policy=policy,
        budget=budget,
        workers=workers,
        solved=resamples.interval(
            {str(idx): float(each.solved) for idx, each in enumerate(ours)}
        ),
        minus_peer=resamples.interval(
            {
                str(idx): float(each.solved) - float(peer.solved)
                for idx, (each, peer) in enumerate(pairs)
            }
        ),
        false_accepts=sum(each.visible and not each.solved for each in ours) / n,
        calls=sum(each.n_calls for each in ours) / n,
        seconds=sum(each.seconds for each in ours) / n,
        seconds_to_pass=mine / len(both) if both else None,
        seconds_to_pass_ratio=mine / theirs if both and theirs else None,
        seconds_ratio=sum(e.seconds for e in ours) / sum(p.seconds for p in peers),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--problems", type=int)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    n_problems = arguments.problems or (400 if arguments.full else 60)
    budgets = (20, 50, 100, 200, 640) if arguments.full else (20, 100)
    policies = QUICK
    if arguments.full:
        policies = tuple(name for name, kind in POLICIES.items() if kind.is_available())
    swept = [
        row
        for setting in SETTINGS[:-2]
        for budget in budgets
        for row in rows(
            setting, policies, budget=budget, workers=1, n_problems=n_problems
        )
    ]
    timed = [
        row
        for setting in (SETTINGS[0], *SETTINGS[-2:])
        for workers in (8, 16)
        for row in rows(
            setting, TIMED, budget=100, workers=workers, n_problems=n_problems
        )
    ]
    if arguments.json:
        print(json.dumps({"swept": swept, "timed": timed}, default=as_json, indent=1))
        return
    print(f"{n_problems} problems; shares in %; the interval is of the difference to")
    print(f"what {PEER} solved with the same calls, in points")
    print_swept(swept)
    print()
    print(f"at most 100 calls; seconds of virtual time, and as shares of {PEER}'s;")
    print("to pass: on problems in which both found something that passes")
    print_timed(timed)


def print_swept(found: Sequence[Row]) -> None:
    print(
        f"{'setting':<17}{'budget':>7}  {'policy':<11}{'solved':>7}{'95 % interval':>17}"
        f"{'false':>7}{'calls':>7}"
    )
    for row in found:
        low, high = 100 * row.minus_peer.low, 100 * row.minus_peer.high
        print(
            f"{row.setting:<17}{row.budget:>7}  {row.policy:<11}"
            f"{100 * row.solved.mean:>7.1f}{low:>+9.1f} to{high:>+5.1f}"
            f"{100 * row.false_accepts:>7.1f}{row.calls:>7.1f}"
        )


def print_timed(found: Sequence[Row]) -> None:
    print(
        f"{'setting':<17}{'workers':>8}  {'policy':<11}{'to pass':>9}{'ratio':>7}"
        f"{'to end':>9}{'ratio':>7}{'calls':>7}{'solved':>8}"
    )
    for row in found:
        to_pass = "-" if row.seconds_to_pass is None else f"{row.seconds_to_pass:.1f}"
        ratio = row.seconds_to_pass_ratio
        print(
            f"{row.setting:<17}{row.workers:>8}  {row.policy:<11}{to_pass:>9}"
            f"{'-' if ratio is None else f'{ratio:.2f}':>7}{row.seconds:>9.1f}"
            f"{row.seconds_ratio:>7.2f}{row.calls:>7.1f}{100 * row.solved.mean:>8.1f}"
        )


def as_json(value: object) -> object:
    if isinstance(value, Row | Interval):
        return {name: getattr(value, name) for name in value.__slots__}
    raise TypeError(f"{value!r} is no value of a row")


if __name__ == "__main__":
    main()
