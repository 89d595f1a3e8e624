"""Which cases are worth running before all others: learned as candidates fail; pure.

Most candidates that fail do so in the same few cases. A candidate that is run against
these first, and fails there, need not be run against the rest; one that passes them is
run against the whole suite, as if nothing had been run before. So what is found is the
same, and only failures cost less.

The order of cases is that of their kill rate over their cost. Whether a first look pays
at all is reckoned from the candidates so far: small suites take less time than a second
process does, and are always run whole.
"""

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from orps_sandbox.outcome import CaseResult, CaseStatus, ExecutionOutcome

START_SECONDS = 0.08
"""What one more process takes before its first case, until that was measured."""
_MOST_PROBED = 3
_MOST_REMEMBERED = 64
_LEAST_REMEMBERED = 3
_MARGIN = 0.8
"""A first look has to be so much cheaper than none."""
_MARGIN_BEFORE_A_FIND = 0.5
"""While nothing passes, how much of the suite a candidate passes is worth knowing: it
decides what is repaired, and what people are shown."""
_LEAST_SECONDS = 0.001
NOT_RUN = "not run: the candidate had failed a case that most of its kind fail"

_HARMLESS = frozenset({CaseStatus.PASSED, CaseStatus.SKIPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What one candidate did, as far as it was run."""

    failed: frozenset[str]
    seconds: dict[str, float]
    is_whole: bool

    def cost(self, cases: Iterable[str]) -> float:
        return sum(self.seconds.get(case, 0.0) for case in cases)


class Cascade:
    """Of one search; the same outcomes in the same order make the same choices."""

    def __init__(self, case_ids: Collection[str]) -> None:
        """Flaky ones are not among them: none of those decides anything."""
        self._case_ids = tuple(case_ids)
        self._past: deque[_Past] = deque(maxlen=_MOST_REMEMBERED)
        self._starts: deque[float] = deque(maxlen=_LEAST_REMEMBERED)
        self._margin = _MARGIN_BEFORE_A_FIND

    def note(
        self, outcome: ExecutionOutcome, *, elapsed_seconds: float | None = None
    ) -> None:
        """Learn from a candidate, whole or killed.

        `elapsed_seconds` is what running it took, if that was a single run.
        """
        if outcome.all_passed:
            self._margin = _MARGIN
        ran = [case for case in outcome.cases if not case.message.startswith(NOT_RUN)]
        seconds = {case.id: case.wall_seconds or 0.0 for case in ran}
        if elapsed_seconds is not None:
            # Whatever else a run has to wait for only makes it longer.
            start = max(_LEAST_SECONDS, elapsed_seconds - sum(seconds.values()))
            self._starts.append(start)
        self._past.append(
            _Past(
                failed=frozenset(
                    case.id for case in ran if case.status not in _HARMLESS
                ),
                seconds=seconds,
                is_whole=len(ran) == len(outcome.cases),
            )
        )

    def order(self) -> tuple[str, ...]:
        """All cases, those first that kill most in the least time."""
        worth = {case: self._worth(case) for case in self._case_ids}
        return tuple(sorted(self._case_ids, key=lambda case: -worth[case]))

    def probe(self, *, is_suspect: bool = False) -> tuple[str, ...]:
        """The cases to run first; empty where running all at once is cheaper.

        `is_suspect` says that the candidate will fail most likely, for a reason that
        its text shows.
        """
        whole = [past for past in self._past if past.is_whole]
        if len(whole) < _LEAST_REMEMBERED or not any(past.failed for past in whole):
            return ()
        order = self.order()
        if is_suspect:
            return self._first_look(order[:1], [past for past in whole if past.failed])
        looks = [order[:n] for n in range(1, min(_MOST_PROBED, len(order) - 1) + 1)]
        return min(
            (self._first_look(look, self._past) for look in looks),
            key=lambda look: self._cost(look, self._past) if look else float("inf"),
            default=(),
        )

    def _first_look(
        self, look: tuple[str, ...], past: Collection[_Past]
    ) -> tuple[str, ...]:
        """The same, or nothing where it does not pay."""
        if self._cost(look, past) > self._margin * self._cost((), past):
            return ()
        # In the order of the suite, which is the one that its author knows.
        return tuple(case for case in self._case_ids if case in look)

    def _cost(self, look: tuple[str, ...], past: Collection[_Past]) -> float:
        """What the candidates so far would have cost with this first look."""
        failed = [
            each.cost(self._case_ids) for each in past if each.is_whole and each.failed
        ]
        usual = sum(failed) / len(failed) if failed else 0.0
        start = min(self._starts, default=START_SECONDS)
        total = 0.0
        for each in past:
            is_killed = not each.failed.isdisjoint(look)
            total += start + each.cost(look) if look else 0.0
            if not is_killed:
                total += start
                total += each.cost(self._case_ids) if each.is_whole else usual
        return total

    def _worth(self, case: str) -> float:
        ran = [past for past in self._past if case in past.seconds]
        n_killed = sum(case in past.failed for past in ran)
        rate = (n_killed + 0.5) / (len(ran) + 1)
        seconds = sum(past.seconds[case] for past in ran) / len(ran) if ran else 0.0
        return rate / max(seconds, _LEAST_SECONDS)


def is_killed(outcome: ExecutionOutcome) -> bool:
    """Whether a first look has shown a failure."""
    return any(case.status not in _HARMLESS for case in outcome.cases)


def with_rest(outcome: ExecutionOutcome, case_ids: Iterable[str]) -> ExecutionOutcome:
    """A killed candidate's outcome with all cases; those that were not run say so."""
    known = {case.id: case for case in outcome.cases}
    return replace(
        outcome,
        cases=tuple(
            known.get(case)
            or CaseResult(
                id=case,
                status=CaseStatus.ERROR,
                message=NOT_RUN,
                judge=outcome.judge,
            )
            for case in case_ids
        ),
    )
