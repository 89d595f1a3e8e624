"""The policy `opal`: outcome-gated, process-guided, anytime, with a lazy critic.

What a candidate did comes before everything that anyone says about it: candidates
are ordered by the share of cases passed, then by what they keep of the docstring's
examples and of the present body, then by how many samples share their outputs on
generated inputs, then by how often their behavior class was reached, then by
efficiency, and only then by the critic. A Thompson choice among the
behavior classes and a root arm decides whether to repair or to draft again; among
the styles of a draft, a second one. No round is waited for.

A class is first repaired by what its execution showed. Only when that did not help
is its representative shown to the critic, and not among the first calls, where
another draft is worth more.

The search converges when enough samples that pass agree, or when those to come would
hardly change which behavior is the most frequent; later, where what they agree on
contradicts an example of the docstring. It gives up quietly when nothing
passes for long. In either case the critic reads the best candidate at the end,
so that its words stand beside the evidence.
"""

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.config import SearchConfig
from orps_search.events import StopReason
from orps_search.policies.arms import Arms
from orps_search.policies.behavior import BehaviorClass, Classes, Finds
from orps_search.policies.passing import Passing
from orps_search.policies.pool import Pool
from orps_search.policy import Contest, Review, Work
from orps_search.proposer import Expansion, ExpansionId
from orps_search.reward import answer_key, run_seconds

_ROOT = "root"
_N_STYLES = 4
"""Kinds of drafts to choose among; `prompts.STYLES` says what they are."""
_ENOUGH_CONFIDENCE = 0.85
"""Three samples that pass and agree, if no other passes; two left a point behind."""
_PATIENCE = 100
"""Calls without a find after which nobody should wait longer, whatever is allowed."""
_SLOW_SECONDS = 0.5
_SPEED_SHARE = 0.2
"""A winner whose tests take longer is worth so large a share of the calls made again.
Below, nobody would notice the difference."""
_MOST_REPEATS = 12
"""Expansions in a row that bring nothing new: no code, or code that is known. Whoever
answers so has nothing else to say."""
_EARLY_CALLS = 20
"""Calls among which no critic is asked, repairs are rare, and agreement is no reason to
stop where it is against the docstring."""
_DRAFTS_A_REPAIR = 2
"""At least, early and while nothing passes: what repairs do is not known yet, and where
they do little, one in place of a draft puts off the first candidate that passes."""


class Opal:
    """Keeps `in_flight` calls under way; each counts as failed until it is told."""

    def __init__(self, config: SearchConfig) -> None:
        self._config = config
        self._n_max = config.n_calls
        self._pool = Pool(_failing_key)
        self._classes = Classes()
        self._arms = Arms(config.seed)
        self._drafts = _Drafts(config.seed)
        self._open: dict[ExpansionId, BehaviorClass | int] = {}
        """What is being repaired, or the style of the draft."""
        self._in_review: dict[CandidateId, BehaviorClass] = {}
        self._read: set[CandidateId] = set()
        """By the critic, whether it had something to say or not."""
        self._n_expansions = 0
        self._n_repairs = 0
        self._n_calls = 0
        self._finds = Finds()
        self._passing = Passing()
        self._rewrites: set[ExpansionId] = set()
        """Asked for only to be faster."""
        self._n_repeats = 0
        """In a row, until now."""
        self._contests: dict[CandidateId, Contest] = {}
        """Asked for, and not told yet."""
        self._has_judged = False
        self._has_read_best = False
        """At the end."""
        self._arms.put(_ROOT, *self._drafts.beta)

    @property
    def n_max(self) -> int:
        return self._n_max

    @property
    def stop_reason(self) -> StopReason | None:
        if not self._has_read_best or self._in_review:
            return None
        if self._has_converged:
            return StopReason.CONVERGED
        if self._n_repeats >= _MOST_REPEATS:
            return StopReason.EXHAUSTED
        return StopReason.ROUNDS if self._finds else StopReason.GIVEN_UP

    def begin(self, initial: Candidate) -> None:
        self._pool.begin(initial)
        reached = self._classes.add(initial)
        if reached.passes:
            self._passing.add(initial, reached, is_new=True)
        self._weigh(reached)

    def ask(self) -> tuple[Work, ...]:
        if self._is_over:
            if self._rewrites & self._open.keys() or self._contests:
                return ()
            return self._speeding_up() or self._to_judge() or self._best_to_read()
        works: list[Work] = []
        while (
            self._n_calls < self._n_allowed
            and self._n_repeats < _MOST_REPEATS
            and self._n_in_flight < self._config.in_flight
        ):
            self._n_calls += 1
            works.append(self._next())
        return tuple(works)

    def tell(self, expansion_id: ExpansionId, candidate: Candidate | None) -> None:
        if expansion_id not in self._open:
            return
        pulled = self._open.pop(expansion_id)
        is_news = candidate is not None and candidate.id not in self._pool
        self._n_repeats = 0 if is_news else self._n_repeats + 1
        if candidate is None:
            self._settle(pulled, None, is_new=False)
            return
        n_classes = len(self._classes)
        is_known = not self._pool.add(candidate)
        reached = self._classes.add(candidate, is_known=is_known)
        if reached.passes:
            self._passing.add(candidate, reached, is_new=not is_known)
            if self._pool.is_find(candidate) and expansion_id not in self._rewrites:
                self._finds.add(reached.name)
        self._settle(pulled, reached, is_new=len(self._classes) > n_classes)
        self._weigh(reached)

    def tell_critique(
        self, candidate_id: CandidateId, critique: Critique | None
    ) -> None:
        reviewed = self._in_review.pop(candidate_id, None)
        if reviewed is None:
            return
        reviewed.is_in_review = False
        if critique is not None:
            before = self._pool[candidate_id]
            known = self._pool.criticize(candidate_id, critique)
            reviewed.know(known)
            if reviewed.passes:
                self._passing.know(known, before, reviewed)
        self._weigh(reviewed)

    def tell_winner(self, contest: CandidateId, winner: CandidateId | None) -> None:
        known = self._contests.pop(contest, None)
        if known is not None and winner is not None:
            self._passing.favor(self._classes.of(self._pool[winner]))

    def ranking(self) -> tuple[Candidate, ...]:
        """Passing ones by class, the others as the pool has them."""
        # The pool has those that pass first, too, in another order.
        return (*self._passing.ranking(), *self._pool.ranking()[len(self._passing) :])

    def best(self) -> Candidate | None:
        return self._passing.best() or self._pool.best()

    @property
    def _n_in_flight(self) -> int:
        return len(self._open) + len(self._in_review)

    @property
    def _n_allowed(self) -> int:
        if self._finds:
            return self._n_max
        return min(self._n_max, _PATIENCE)

    @property
    def _has_converged(self) -> bool:
        best = self._passing.best()
        if best is None:
            return False
        # A few that agree, and contradict an example of the docstring, may only have
        # made the same mistake; where the example is wrong, all contradict it.
        if best.kept not in (None, 1.0) and self._n_calls < _EARLY_CALLS:
            return False
        if self._finds.confidence >= _ENOUGH_CONFIDENCE:
            return True
        if not 0 < self._n_calls < self._n_allowed:
            return False
        # Two kinds of evidence: what is shown agrees with most on single inputs, and
        # only if its behavior is the most frequent one, too, is more of it safe.
        if self._classes.of(best).name != self._finds.leader:
            return False
        return self._finds.is_lead_safe(self._n_allowed / self._n_calls - 1)

    @property
    def _is_over(self) -> bool:
        if self._has_read_best or self._has_converged:
            return True
        if self._n_repeats >= _MOST_REPEATS:
            return not self._n_in_flight
        return not self._n_in_flight and self._n_calls >= self._n_allowed

    def _speeding_up(self) -> tuple[Expansion, ...]:
        """A rewrite of a slow winner; what does something else wins nothing by it."""
        best = self.best()
        if self._has_read_best or not self._has_converged or best is None:
            return ()
        seconds = run_seconds(best.outcome.profile) or 0.0
        n_left = self._n_max - self._n_calls
        n_allowed = min(n_left, max(1, int(_SPEED_SHARE * self._n_calls)))
        if seconds < _SLOW_SECONDS or len(self._rewrites) >= n_allowed:
            return ()
        expansion = self._repair(self._classes.of(best), best)
        self._rewrites.add(expansion.id)
        return (expansion,)

    def _to_judge(self) -> tuple[Contest, ...]:
        """The best two classes against each other, once in each order."""
        if self._has_judged or not self._config.judges:
            return ()
        self._has_judged = True
        first, second = self._passing.rivals() or (None, None)
        if first is None or second is None:
            return ()
        contests = (
            Contest(first=first, second=second),
            Contest(first=second, second=first),
        )
        self._contests |= {each.name: each for each in contests}
        return contests

    def _best_to_read(self) -> tuple[Review, ...]:
        if self._has_read_best:
            return ()
        self._has_read_best = True
        best = self.best()
        if best is None or best.critique is not None or best.id in self._read:
            return ()
        return (self._review(best),)

    def _review(self, candidate: Candidate) -> Review:
        reviewed = self._classes.of(candidate)
        reviewed.is_in_review = True
        self._in_review[candidate.id] = reviewed
        self._read.add(candidate.id)
        self._weigh(reviewed)
        return Review(candidate=candidate)

    @property
    def _is_for_drafts(self) -> bool:
        if self._finds or self._n_calls > _EARLY_CALLS:
            return False
        n_drafts = self._n_expansions - self._n_repairs
        return n_drafts < _DRAFTS_A_REPAIR * (self._n_repairs + 1)

    def _next(self) -> Work:
        if self._is_for_drafts:
            return self._draft()
        chosen = self._arms.choose()
        if chosen == _ROOT:
            return self._draft()
        repaired = self._classes[chosen]
        is_new = repaired.representative.id not in self._read
        if is_new and repaired.needs_critique and self._n_calls > _EARLY_CALLS:
            repaired.was_reviewed = True
            return self._review(repaired.representative)
        return self._repair(repaired)

    def _draft(self) -> Expansion:
        style = self._drafts.begin()
        self._arms.put(_ROOT, *self._drafts.beta)
        return self._expansion(None, style, style)

    def _repair(
        self, repaired: BehaviorClass, parent: Candidate | None = None
    ) -> Expansion:
        self._n_repairs += 1
        repaired.n_in_flight += 1
        repaired.n_repairs += 1
        self._weigh(repaired)
        return self._expansion(
            parent or repaired.representative, repaired.n_repairs - 1, repaired
        )

    def _expansion(
        self, parent: Candidate | None, sample: int, pulled: BehaviorClass | int
    ) -> Expansion:
        self._n_expansions += 1
        expansion = Expansion(
            id=ExpansionId(self._n_expansions),
            parent=parent,
            round=parent.round + 1 if parent else 0,
            sample=sample,
        )
        self._open[expansion.id] = pulled
        return expansion

    def _settle(
        self,
        pulled: BehaviorClass | int,
        reached: BehaviorClass | None,
        *,
        is_new: bool,
    ) -> None:
        match pulled:
            case BehaviorClass():
                pulled.n_in_flight -= 1
                pulled.note_repair(reached, is_new=is_new)
                self._weigh(pulled)
            case int():
                self._drafts.end(pulled, passed=reached is not None and reached.passes)
                self._arms.put(_ROOT, *self._drafts.beta)

    def _weigh(self, arm: BehaviorClass) -> None:
        if arm.is_asleep:
            self._arms.drop(arm.name)
            return
        self._arms.put(arm.name, *arm.beta)


def _failing_key(candidate: Candidate) -> tuple[float, ...]:
    """Smaller is better: what could be imported stands above what passes as little."""
    ratio, *rest = answer_key(candidate)
    return (ratio, float(bool(candidate.outcome.detail)), *rest)


class _Drafts:
    """The root arm, and which style a draft is asked for in."""

    def __init__(self, seed: int) -> None:
        self._styles = Arms(seed + 1)
        self._made = [0] * _N_STYLES
        self._passed = [0] * _N_STYLES
        for style in range(_N_STYLES):
            self._weigh(style)

    @property
    def beta(self) -> tuple[float, float]:
        return 1 + 0.5 * sum(self._passed), 2 + 0.25 * sum(self._made)

    def begin(self) -> int:
        style = int(self._styles.choose())
        self._made[style] += 1
        self._weigh(style)
        return style

    def end(self, style: int, *, passed: bool) -> None:
        self._passed[style] += passed
        self._weigh(style)

    def _weigh(self, style: int) -> None:
        passed = self._passed[style]
        self._styles.put(str(style), 1 + passed, 1 + self._made[style] - passed)
