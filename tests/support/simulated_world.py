"""Problems and models that are random numbers, for policies without either; pure.

A problem has plans, some of which cannot work. A draft follows a plan by its weight and
is right with the plan's chance, else it has one of the plan's wrong modes, of which few
are popular. Each mode fails a visible test or does not, for good; a near miss fails
few. A repair is right with the plan's repairability, less often the more repairs of the
same program failed and where no visible test complains. A critic sees the visible share
and, through noise, whether the program is right.

All is drawn from the problem's number and from what is asked for, never from who asks:
the n-th draft is the same for every policy (common random numbers).
"""

from dataclasses import dataclass
from random import Random

from orps_search.candidate import Candidate, CandidateId, Critique, StaticMetrics
from orps_search.reward import outcome_reward
from support.searching import outcome

RIGHT = -1
"""The mode of a program that is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is swept."""

    name: str
    repairability: float = 0.24
    """Mean chance that one repair makes a wrong program right."""
    critic_shift: float = 0.6
    """How much more a right program is liked than a wrong one that tests alike; with
    noise of 0.9, 0.6 is an AUC of about 0.76 among programs that test differently."""
    n_visible: int = 3
    near_misses: float = 0.08
    """Share of the wrong modes that few tests notice."""
    n_variants: int = 40
    """Programs that do the same; few of them mean many duplicates."""
    latency_seconds: float = 8.0
    """Median of a call."""
    latency_spread: float = 0.6
    """Sigma of the logarithm."""


SETTINGS = (
    # The last two differ in time only.
    Setting(name="base"),
    Setting(name="weak repairs", repairability=0.10),
    Setting(name="strong repairs", repairability=0.50),
    Setting(name="blind critic", critic_shift=0.1),
    Setting(name="keen critic", critic_shift=1.5),
    Setting(name="one weak test", n_visible=1, near_misses=0.15),
    Setting(name="many duplicates", n_variants=3),
    Setting(name="steady latency", latency_spread=0.1),
    Setting(name="wild latency", latency_spread=1.2),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    weight: float
    draft_chance: float
    """0 where the plan cannot work."""
    repairability: float
    popularity: tuple[float, ...]
    """Of each wrong mode."""
    fails: tuple[tuple[bool, ...], ...]
    """For each wrong mode, which visible tests notice it; no test is `all pass`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One program."""

    plan: int
    mode: int
    variant: int

    @property
    def form(self) -> str:
        return f"{self.plan} {self.mode} {self.variant}"

    @property
    def is_right(self) -> bool:
        return self.mode == RIGHT


_FIX_WITHOUT_FAILURE = 0.15
_STICKY = 0.75
"""Repairs of one program resemble each other."""
_BREAKS = 0.1
_NOISE = 0.9
_N_PLANS = 5
_N_MODES = 8
_HOPELESS = 0.25
"""Share of the problems in which no plan can work."""
_FEASIBLE = 0.7
"""Share of the plans that can, elsewhere."""


class World:
    """One problem and the model that answers to it."""

    def __init__(self, number: int, setting: Setting) -> None:
        self._number = number
        self._setting = setting
        rng = self._rng("problem")
        feasible = 0.0 if rng.random() < _HOPELESS else _FEASIBLE
        self._plans = tuple(_plan(rng, setting, feasible) for _ in range(_N_PLANS))

    def draft(self, nth: int) -> Written:
        rng = self._rng(f"draft {nth}")
        plan = _chosen(rng, [plan.weight for plan in self._plans])
        if rng.random() < self._plans[plan].draft_chance:
            return self._written(rng, plan, RIGHT)
        return self._wrong(rng, plan)

    def repair(self, parent: Written, nth: int) -> Written:
        """The n-th repair of this program, counted from 0."""
        rng = self._rng(f"repair {parent.form} {nth}")
        plan = self._plans[parent.plan]
        if parent.is_right:
            breaks = rng.random() < _BREAKS
            mode = _chosen(rng, plan.popularity) if breaks else RIGHT
            return self._written(rng, parent.plan, mode)
        told = 1.0 if any(plan.fails[parent.mode]) else _FIX_WITHOUT_FAILURE
        if rng.random() < plan.repairability * told * _STICKY**nth:
            return self._written(rng, parent.plan, RIGHT)
        match rng.random():
            case share if share < 0.5:
                return self._written(rng, parent.plan, parent.mode)
            case share if share < 0.8:
                return self._wrong(rng, parent.plan)
            case _:
                return self._wrong(rng, rng.randrange(_N_PLANS))

    def executed(self, written: Written) -> Candidate:
        """What visible tests, and calls beyond them, show of it."""
        passed = [True] * self._setting.n_visible
        if not written.is_right:
            passed = [not f for f in self._plans[written.plan].fails[written.mode]]
        ran = outcome(*passed)
        lines = 5 + written.variant % 7
        metrics = StaticMetrics(lines=lines)
        behavior = "right" if written.is_right else f"{written.plan} {written.mode}"
        return Candidate(
            id=CandidateId(""),
            parent=None,
            round=0,
            reasoning="",
            code=f"{written.form}\n" * lines,
            outcome=ran,
            static_metrics=metrics,
            outcome_reward=outcome_reward(ran, metrics),
            outputs=(behavior,) if ran.all_passed else (),
        )

    def critique(self, written: Written, candidate: Candidate) -> Critique:
        rng = self._rng(f"critique {written.form}")
        shift = self._setting.critic_shift
        liked = 1.5 + 2 * candidate.outcome.success_ratio
        liked += shift if written.is_right else -shift
        score = min(5, max(1, round(liked + rng.gauss(0, _NOISE))))
        is_done = score == 5 and candidate.outcome.all_passed
        return Critique(text="", process_reward=score, satisfied=is_done)

    def seconds(self, nth_call: int) -> float:
        rng = self._rng(f"latency {nth_call}")
        return self._setting.latency_seconds * rng.lognormvariate(
            0, self._setting.latency_spread
        )

    def _wrong(self, rng: Random, plan: int) -> Written:
        return self._written(rng, plan, _chosen(rng, self._plans[plan].popularity))

    def _written(self, rng: Random, plan: int, mode: int) -> Written:
        # Some ways to write a thing are far more usual than others.
        weights = [1 / (1 + idx) for idx in range(self._setting.n_variants)]
        variant = _chosen(rng, weights)
        # Right programs do the same whatever plan they followed.
        return Written(plan=plan, mode=mode, variant=variant)

    def _rng(self, what: str) -> Random:
        return Random(f"{self._number} {what}")


def _plan(rng: Random, setting: Setting, feasible: float) -> Plan:
    is_feasible = rng.random() < feasible
    rho = setting.repairability
    popularity = tuple(1 / (1 + idx) ** 1.5 for idx in range(_N_MODES))
    fails: list[tuple[bool, ...]] = []
    for idx in range(_N_MODES):
        # The most popular wrong mode is more often than others a near miss: a trap.
        near = setting.near_misses * (2.5 if idx == 0 else 0.8)
        rate = rng.betavariate(1, 12) if rng.random() < near else rng.betavariate(6, 1)
        # Drawn for the most tests there may be, so that settings share them.
        noticed = [rng.random() < rate for _ in range(8)]
        fails.append(tuple(noticed[: setting.n_visible]))
    chance, repairs = rng.betavariate(0.5, 1.0), rng.betavariate(8 * rho, 8 * (1 - rho))
    return Plan(
        weight=rng.gammavariate(0.6, 1),
        draft_chance=chance if is_feasible else 0.0,
        repairability=repairs if is_feasible else 0.0,
        popularity=popularity,
        fails=tuple(fails),
    )


def _chosen(rng: Random, weights: list[float] | tuple[float, ...]) -> int:
    return rng.choices(range(len(weights)), weights=weights)[0]
