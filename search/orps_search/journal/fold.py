"""The state of a search is a fold of its records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from orps_search.candidate import INITIAL_ID, Candidate, CandidateId, Critique
from orps_search.config import Budget, SearchConfig
from orps_search.journal.codec import JournalFault
from orps_search.journal.entries import (
    Advice,
    Answer,
    Asked,
    AskedExpansion,
    Began,
    Called,
    Executed,
    Measured,
    Record,
    Rejected,
    Resumed,
    Role,
    Stopped,
    Told,
    ToldCritique,
    ToldWinner,
)
from orps_search.proposer import CallKind, Usage

Move = Executed | Asked | Told | ToldCritique | ToldWinner | Advice
"""What a policy sees; `Executed` only of the body that was there before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one candidate took: its proposals and its critiques."""

    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    """Waiting for the calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchState:
    """All that the records of one search say; a snapshot, nobody changes it."""

    search_id: str
    began: Began
    budget: Budget
    config: SearchConfig
    candidates: Mapping[CandidateId, Candidate]
    """In order of execution, each with its critique if it has one."""
    expansions: Mapping[CandidateId, AskedExpansion]
    """All that were asked for, by the name of what comes of them."""
    reviews: frozenset[CandidateId]
    """Asked for, and not told yet."""
    contests: tuple[tuple[CandidateId, CandidateId], ...]
    """Asked for, and not told yet."""
    told: frozenset[CandidateId]
    """The expansions of which the policy knows what came of them."""
    answers: Mapping[tuple[Role, CandidateId], tuple[Answer, ...]]
    moves: tuple[Move, ...]
    costs: Mapping[CandidateId, Cost]
    rejections: tuple[Rejected, ...]
    usage: Usage
    """Of completed calls only."""
    spent: Mapping[CallKind, Usage]
    """The same, by what the calls were for."""
    seconds: float
    """While somebody worked on it, pauses between sittings left out."""
    started: float
    updated: float
    n_resumed: int
    stopped: Stopped | None
    """`None` while it runs, and for ever when it was killed."""

    @property
    def open_expansions(self) -> tuple[AskedExpansion, ...]:
        """Asked for, and not told yet: what a resumed search begins with."""
        return tuple(
            expansion
            for name, expansion in self.expansions.items()
            if name not in self.told
        )


def fold(records: Iterable[Record]) -> SearchState:
    """The state after these records; raises `JournalFault` when they make no search."""
    folding = Folding()
    for record in records:
        folding.add(record)
    return folding.state()


class Folding:
    """The same, record by record: for a search that still runs."""

    def __init__(self) -> None:
        self._search_id = ""
        self._began: Began | None = None
        self._budget = Budget()
        self._config = SearchConfig()
        self._candidates: dict[CandidateId, Candidate] = {}
        self._expansions: dict[CandidateId, AskedExpansion] = {}
        self._reviews: set[CandidateId] = set()
        self._contests: dict[CandidateId, tuple[CandidateId, CandidateId]] = {}
        self._told: set[CandidateId] = set()
        self._answers: dict[tuple[Role, CandidateId], tuple[Answer, ...]] = {}
        self._moves: list[Move] = []
        self._costs: dict[CandidateId, Cost] = {}
        self._rejections: list[Rejected] = []
        self._usage = Usage()
        self._spent: dict[CallKind, Usage] = {}
        self._seconds = 0.0
        self._started = 0.0
        self._updated = 0.0
        self._n_resumed = 0
        self._stopped: Stopped | None = None
        self._next_seq = 0

    def add(self, record: Record) -> None:
        if record.seq != self._next_seq:
            raise JournalFault(
                f"record {self._next_seq} is missing: the next one is {record.seq}"
            )
        self._next_seq += 1
        if isinstance(record.entry, Began):
            self._begin(record, record.entry)
        elif self._began is None:
            raise JournalFault("the records do not start with the start of a search")
        elif not isinstance(record.entry, Resumed | Measured):
            self._seconds += max(0.0, record.time - self._updated)
        self._updated = record.time
        self._note(record)

    def state(self) -> SearchState:
        if self._began is None:
            raise JournalFault("there are no records of this search")
        return SearchState(
            search_id=self._search_id,
            began=self._began,
            budget=self._budget,
            config=self._config,
            candidates=dict(self._candidates),
            expansions=dict(self._expansions),
            reviews=frozenset(self._reviews),
            contests=tuple(self._contests.values()),
            told=frozenset(self._told),
            answers=dict(self._answers),
            moves=tuple(self._moves),
            costs=dict(self._costs),
            rejections=tuple(self._rejections),
            usage=self._usage,
            spent=dict(self._spent),
            seconds=self._seconds,
            started=self._started,
            updated=self._updated,
            n_resumed=self._n_resumed,
            stopped=self._stopped,
        )

    def _begin(self, record: Record, began: Began) -> None:
        if self._began is not None:
            raise JournalFault("the records are of more than one search")
        self._began = began
        self._search_id = record.search_id
        self._budget = began.budget
        self._config = began.config
        self._started = record.time

    def _note(self, record: Record) -> None:  # noqa: C901, PLR0912 - one case for each entry
        entry = record.entry
        match entry:
            case Began():
                pass
            case Resumed():
                self._n_resumed += 1
                self._stopped = None
                self._budget = entry.budget
                self._config = replace(self._config, max_rounds=entry.max_rounds)
            case Advice():
                self._moves.append(entry)
                self._heed(entry)
            case Asked():
                self._moves.append(entry)
                self._expansions |= {each.candidate: each for each in entry.expansions}
                self._reviews.update(entry.reviews)
                for first, second in entry.contests:
                    self._contests[CandidateId(f"{first}/{second}")] = (first, second)
            case Called():
                self._note_call(entry)
            case Executed(candidate=candidate):
                self._candidates[candidate.id] = candidate
                if candidate.id == INITIAL_ID:
                    self._moves.append(entry)
            case Rejected():
                self._rejections.append(entry)
            case Told(expansion=expansion):
                self._moves.append(entry)
                self._told.add(CandidateId(f"c{expansion}"))
            case ToldCritique():
                self._moves.append(entry)
                self._note_critique(entry)
            case ToldWinner(contest=contest):
                self._moves.append(entry)
                self._contests.pop(contest, None)
            case Stopped():
                self._stopped = entry
            case Measured():
                self._note_costs(entry)
            case _:
                assert_never(entry)

    def _note_call(self, called: Called) -> None:
        work = (called.role, called.candidate)
        self._answers[work] = (*self._answers.get(work, ()), called.answer)
        known = self._costs.get(called.candidate, Cost())
        self._costs[called.candidate] = Cost(
            usage=known.usage + called.usage, seconds=known.seconds + called.seconds
        )
        self._usage += called.usage
        kind = self._kind_of(called)
        self._spent[kind] = self._spent.get(kind, Usage()) + called.usage

    def _kind_of(self, called: Called) -> CallKind:
        match called.role:
            case Role.CRITIC:
                return CallKind.CRITIQUE
            case Role.TESTER:
                return CallKind.TESTS
            case Role.JUDGE:
                return CallKind.JUDGEMENT
            case Role.PROGRAMMER:
                pass
        expansion = self._expansions.get(called.candidate)
        is_draft = expansion is None or expansion.parent is None
        return CallKind.DRAFT if is_draft else CallKind.REPAIR

    def _heed(self, advice: Advice) -> None:
        """A person's words take the place of the critic's."""
        known = self._candidates.get(advice.candidate)
        if known is None:
            raise JournalFault(f"there is no candidate {advice.candidate} to advise on")
        critique = Critique(text=advice.text, process_reward=None)
        self._candidates[known.id] = replace(known, critique=critique)

    def _note_critique(self, told: ToldCritique) -> None:
        self._reviews.discard(told.candidate)
        known = self._candidates.get(told.candidate)
        if known is not None and known.critique is None:
            self._candidates[known.id] = replace(known, critique=told.critique)

    def _note_costs(self, measured: Measured) -> None:
        known = self._candidates.get(measured.candidate)
        if known is not None:
            self._candidates[known.id] = replace(known, costs=measured.costs)
