"""What a search that goes on has behind it.

Calls that were completed count: what they cost is spent, and their answers are used
again where they had not led to anything yet. Calls that were only issued do not; what
they were to bring is asked for again.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from orps_search.candidate import Candidate, CandidateId
from orps_search.config import Budget, SearchConfig
from orps_search.execution import normal_form
from orps_search.journal.codec import JournalFault
from orps_search.journal.entries import (
    Advice,
    Answer,
    Asked,
    AskedExpansion,
    Began,
    Role,
    Told,
)
from orps_search.journal.fold import SearchState
from orps_search.journal.playback import played_back
from orps_search.journal.seam import Journal
from orps_search.policies import POLICIES
from orps_search.policies.advised import Advised
from orps_search.policy import Contest, Review, Work
from orps_search.problem import Problem
from orps_search.proposer import CallKind, Expansion, Proposal, Usage


@dataclass(slots=True, kw_only=True)
class Past:
    """Where a search stands; a new one stands at the beginning."""

    policy: Advised
    is_new: bool = True
    executed: dict[CandidateId, Candidate] = field(
        default_factory=dict[CandidateId, Candidate]
    )
    twins: dict[str, CandidateId] = field(default_factory=dict[str, CandidateId])
    """Normal form of a proposed code -> who proposed it first."""
    open_works: tuple[Work, ...] = ()
    """What the policy waits for."""
    answers: dict[tuple[Role, CandidateId], deque[Answer]] = field(
        default_factory=dict[tuple[Role, CandidateId], deque[Answer]]
    )
    """To the open works, oldest first; each is used once."""
    is_asked: bool = False
    """The policy was asked last, and told nothing since."""
    spent: Mapping[CallKind, Usage] = field(default_factory=dict[CallKind, Usage])
    seconds: float = 0.0
    n_done: int = 0
    last_round: int = -1

    def heed(self, advice: Advice, journal: Journal) -> None:
        """Raise `JournalFault` when there is no such candidate."""
        candidate = self.executed.get(advice.candidate)
        if candidate is None:
            raise JournalFault(f"there is no candidate {advice.candidate} to advise on")
        journal.append(advice, {})
        self.policy.advise(candidate, advice.text, n_samples=advice.n_samples)
        self.is_asked = False


def began(
    problem: Problem, *, config: SearchConfig, budget: Budget, name: str
) -> Began:
    """The first entry; `name` is the programmer's."""
    return Began(
        module_path=problem.module_path,
        qualname=problem.target.qualname,
        source=problem.target.source,
        fingerprint=problem.fingerprint,
        case_ids=problem.case_ids,
        config=config,
        budget=budget,
        programmer=name,
        flaky=problem.flaky,
        context=problem.context,
        tests=problem.test_sources,
    )


def new_past(config: SearchConfig) -> Past:
    return Past(policy=Advised(POLICIES[config.policy].make(config)))


def past_of(state: SearchState) -> Past:
    """Raise `JournalFault` when the policy cannot be taken to where it was."""
    executed = {
        id_: replace(each, critique=None) for id_, each in state.candidates.items()
    }
    return Past(
        policy=played_back(state),
        is_new=False,
        executed=executed,
        twins=_twins(state),
        open_works=tuple(_open_works(state)),
        answers={work: deque(said) for work, said in _unused(state)},
        is_asked=bool(state.moves) and isinstance(state.moves[-1], Asked),
        spent=state.spent,
        seconds=state.seconds,
        n_done=sum(isinstance(move, Told) for move in state.moves),
        last_round=max((each.round for each in state.expansions.values()), default=-1),
    )


def served_codes(state: SearchState) -> tuple[str, ...]:
    """Every code that was proposed, for a proposer that should not begin again."""
    return tuple(
        answer.code
        for answers in state.answers.values()
        for answer in answers
        if isinstance(answer, Proposal)
    )


def _twins(state: SearchState) -> dict[str, CandidateId]:
    twins: dict[str, CandidateId] = {}
    for (_, name), answers in state.answers.items():
        for answer in answers:
            if isinstance(answer, Proposal):
                twins.setdefault(normal_form(answer.code), name)
    return twins


def _unused(
    state: SearchState,
) -> Iterator[tuple[tuple[Role, CandidateId], tuple[Answer, ...]]]:
    open_expansions = {each.candidate for each in state.open_expansions}
    contests = {f"{first}/{second}" for first, second in state.contests}
    is_open: dict[Role, Callable[[CandidateId], bool]] = {
        Role.PROGRAMMER: open_expansions.__contains__,
        Role.CRITIC: state.reviews.__contains__,
        Role.JUDGE: contests.__contains__,
        # Tests that were written hold for all of the search.
        Role.TESTER: lambda _: True,
    }
    for (role, name), answers in state.answers.items():
        if is_open[role](name):
            yield (role, name), answers


def _open_works(state: SearchState) -> Iterator[Work]:
    for expansion in state.open_expansions:
        yield _expansion(state, expansion)
    for name, candidate in state.candidates.items():
        if name in state.reviews:
            yield Review(candidate=replace(candidate, critique=None))
    for first, second in state.contests:
        yield Contest(first=state.candidates[first], second=state.candidates[second])


def _expansion(state: SearchState, asked: AskedExpansion) -> Expansion:
    parent = None if asked.parent is None else state.candidates[asked.parent]
    return Expansion(id=asked.id, parent=parent, round=asked.round, sample=asked.sample)
