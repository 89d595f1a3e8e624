"""The policy `abmcts`: adaptive branching Monte Carlo tree search (arXiv 2503.04412).

The tree is the one of the `treequest` package, which the extra `abmcts` installs: at
each node a Thompson choice between writing something new from it and going on below
it. A node is a candidate, its score the share of cases that pass. No critic is asked,
and all calls are made: the method knows no stop.

`treequest` draws from numpy's global generator. While it draws, that one is ours.
"""

from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.config import SearchConfig
from orps_search.errors import ExtraMissing
from orps_search.events import StopReason
from orps_search.policies.pool import Pool
from orps_search.proposer import Expansion, ExpansionId

EXTRA = "abmcts"
_ACTIONS = ["write"]


def is_available() -> bool:
    """Whether the extra is installed here."""
    return find_spec("treequest") is not None


class AdaptiveBranching:
    """AB-MCTS-A behind our protocol; `treequest` is imported by the first instance."""

    def __init__(self, config: SearchConfig) -> None:
        if not is_available():
            raise ExtraMissing(EXTRA, needed_by="the policy `abmcts`")
        treequest: Any = import_module("treequest")
        self._config = config
        self._pool = Pool()
        self._randomness = _Randomness(config.seed)
        self._algorithm: Any = treequest.ABMCTSA()
        self._tree: Any = self._algorithm.init_tree()
        self._trials: dict[ExpansionId, str] = {}
        self._n_asked = 0
        self._n_written: dict[CandidateId | None, int] = {}
        self._initial: Candidate | None = None

    @property
    def n_max(self) -> int:
        return self._config.n_calls

    @property
    def stop_reason(self) -> StopReason | None:
        if self._n_asked == self.n_max and not self._trials:
            return StopReason.ROUNDS
        return None

    def begin(self, initial: Candidate) -> None:
        """A first child of the root that cost no call."""
        self._pool.begin(initial)
        _, trial = self._choice()
        self._grow(trial.trial_id, initial)

    def ask(self) -> tuple[Expansion, ...]:
        expansions: list[Expansion] = []
        while self._n_asked < self.n_max and len(self._trials) < self._config.in_flight:
            parent, trial = self._choice()
            self._n_asked += 1
            id_ = ExpansionId(self._n_asked)
            self._trials[id_] = trial.trial_id
            expansions.append(self._expansion(id_, parent))
        return tuple(expansions)

    def tell(self, expansion_id: ExpansionId, candidate: Candidate | None) -> None:
        trial_id = self._trials.pop(expansion_id, None)
        if trial_id is None or candidate is None:
            # A trial of which nothing came leaves the tree as it is.
            return
        self._pool.add(candidate)
        self._grow(trial_id, candidate)

    def tell_critique(
        self, candidate_id: CandidateId, critique: Critique | None
    ) -> None:
        """Nobody was asked for one, but a late one is no fault."""
        if critique is not None and candidate_id in self._pool:
            self._pool.criticize(candidate_id, critique)

    def ranking(self) -> tuple[Candidate, ...]:
        return self._pool.ranking()

    def best(self) -> Candidate | None:
        return self._pool.best()

    def _choice(self) -> tuple[Candidate | None, Any]:
        with self._randomness.in_place():
            self._tree, trial = self._algorithm.ask(self._tree, _ACTIONS)
        name: CandidateId | None = trial.parent_state
        return (None if name is None else self._pool[name]), trial

    def _grow(self, trial_id: str, candidate: Candidate) -> None:
        result = (candidate.id, candidate.outcome.success_ratio)
        self._tree = self._algorithm.tell(self._tree, trial_id, result)

    def _expansion(self, id_: ExpansionId, parent: Candidate | None) -> Expansion:
        name = parent.id if parent else None
        sample = self._n_written.get(name, 0)
        self._n_written[name] = sample + 1
        return Expansion(
            id=id_,
            parent=parent,
            round=parent.round + 1 if parent else 0,
            sample=sample,
        )


class _Randomness:
    """Our own state of numpy's global generator."""

    def __init__(self, seed: int) -> None:
        self._numpy: Any = import_module("numpy.random")
        self._state: Any = self._numpy.RandomState(seed).get_state()

    @contextmanager
    def in_place(self) -> Generator[None]:
        theirs = self._numpy.get_state()
        self._numpy.set_state(self._state)
        try:
            yield
        finally:
            self._state = self._numpy.get_state()
            self._numpy.set_state(theirs)
