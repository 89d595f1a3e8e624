"""One search as the editor knows it: its origin, its state, what it has found."""

import enum
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

import anyio

from orps_sandbox.flakiness import FlakyCase
from orps_search.candidate import Candidate, CandidateId
from orps_search.config import Budget
from orps_search.events import (
    CandidateExecuted,
    CandidateReviewed,
    Finished,
    Progressed,
    ReplyRejected,
    RoundStarted,
    SearchEvent,
    SearchUsage,
    StopReason,
)
from orps_search.finalists import Costs, with_costs
from orps_search.journal.entries import Measured
from orps_search.proposer import Usage
from orps_search.reward import answer_key
from orps_search.selection.samples import behavior_of
from orps_search.source.target import Target
from orps_server.basis import Basis
from orps_server.errors import RequestFault
from orps_server.insight import Insight
from orps_server.store.journal import SearchJournal


class State(enum.Enum):
    """The values are the words of `orps/searchDidChange`."""

    QUEUED = "queued"
    """It waits until another search of the project has ended."""
    AWAITING_CONSENT = "awaitingConsent"
    """A person has been asked whether it may run, or send code to a host."""
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """An earlier server was killed while it ran; it can be resumed."""


_WAITING = frozenset({State.QUEUED, State.AWAITING_CONSENT})
_NOT_ENDED = _WAITING | {State.RUNNING}

NOTHING_USED = SearchUsage(calls=Usage(), executions=0, seconds=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionKey:
    """What has at most one search: a function of a file."""

    path: Path
    qualname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A snapshot of a search; replaced as a whole with each event."""

    state: State = State.RUNNING
    position: int | None = None
    """In the queue, from 1; only while it waits there."""
    is_stored: bool = False
    """An earlier server found it; nothing was executed again since."""
    proposer: str | None = None
    """`None` until the job is open."""
    budget: Budget | None = None
    """`None` until the job is open, and of a search of an earlier server."""
    n_done: int = 0
    n_max: int | None = None
    ranking: tuple[Candidate, ...] = ()
    """Best first."""
    usage: SearchUsage = NOTHING_USED
    notes: tuple[str, ...] = ()
    flaky: tuple[FlakyCase, ...] = ()
    """Tests that were found to vary by themselves."""
    stop_reason: StopReason | None = None
    fault: RequestFault | None = None
    """Why it failed, or why it ended early although it has candidates."""
    outdated: str | None = None
    """What has changed since the candidates were executed; nobody's fault."""
    insight: Insight | None = None
    """What a second look has shown."""
    is_verifying: bool = False
    """Its candidates are being executed again."""
    verified_at: float | None = None
    """Seconds since the epoch: when the newest candidate was executed."""


class Search:
    """Changes only through its methods; each change has a revision number."""

    def __init__(
        self,
        *,
        search_id: str,
        uri: str,
        key: FunctionKey,
        origin: Target,
        fingerprint: str,
    ) -> None:
        self.id = search_id
        self.uri = uri
        """As the client spells it."""
        self.key = key
        self.origin = origin
        """The target as it was when the candidates were last executed."""
        self.tests: tuple[str, ...] = ()
        """Tests that were named for it; none means that they are found."""
        self.clean: Callable[[str], str] = str
        """Takes secrets out of what its tests and candidates have printed."""
        self.overrides: object = None
        """Settings for this search alone, as the client gave them."""
        self.fingerprint = fingerprint
        """Equal for two requests whose searches would be the same."""
        self.accepted: frozenset[str] = frozenset()
        """Sources of the target with one of our candidates in place."""
        self.dismissed: frozenset[CandidateId] = frozenset()
        """Candidates that nobody wants to see again."""
        self.hidden: frozenset[CandidateId] = frozenset()
        """Candidates that passed everything once and no longer do."""
        self.basis: Basis | None = None
        """What the candidates were executed against; `None` until it is known."""
        self.scope = anyio.CancelScope()
        self.verification = anyio.CancelScope()
        self.examination = anyio.CancelScope()
        self.journal = SearchJournal(search_id)
        """What happened so far, for the search document."""
        self.progress = Progress()
        self.revision = 0
        self._changed = anyio.Event()
        self._ended = anyio.Event()
        self._placed = anyio.Event()

    @property
    def is_running(self) -> bool:
        """It has not ended: it runs, or waits for its turn or for consent."""
        return self.progress.state in _NOT_ENDED

    @property
    def is_resumable(self) -> bool:
        """It has ended, and there is more to do."""
        reason = self.progress.stop_reason
        return not self.is_running and (reason is None or reason.may_go_on)

    @property
    def is_busy(self) -> bool:
        """Something of it is being executed."""
        return self.is_running or self.progress.is_verifying

    @property
    def best(self) -> Candidate | None:
        return next(iter(self.offered), None)

    @property
    def offered(self) -> tuple[Candidate, ...]:
        """What people may take, best first."""
        return tuple(c for c in self.progress.ranking if c.id not in self.hidden)

    def candidate(self, candidate_id: CandidateId) -> Candidate | None:
        return next((c for c in self.progress.ranking if c.id == candidate_id), None)

    def accept(self, source: str) -> None:
        """Remember that the target may now read like this without being stale."""
        self.accepted |= {source}

    def moved(self, key: FunctionKey, uri: str) -> None:
        self.key, self.uri = key, uri
        self._update(lambda old: old)

    def dismiss(self, candidate_id: CandidateId) -> None:
        self.dismissed |= {candidate_id}
        self._update(lambda old: old)

    def outdate(self, reason: str | None) -> None:
        """Say what has changed around the candidates; `None`: it is as it was."""
        if reason != self.progress.outdated:
            self._update(lambda old: replace(old, outdated=reason))

    def verify(self) -> anyio.CancelScope:
        """Its candidates are executed again, inside of the scope."""
        self.verification.cancel()
        self.verification = anyio.CancelScope()
        self._update(lambda old: replace(old, is_verifying=True))
        return self.verification

    def renew(
        self,
        *,
        ranking: tuple[Candidate, ...],
        hidden: frozenset[CandidateId],
        origin: Target,
        basis: Basis | None,
    ) -> None:
        """Take what was seen when the candidates were executed again."""
        self.hidden, self.origin, self.basis = hidden, origin, basis
        now = time.time()
        self._update(
            lambda old: replace(
                old,
                ranking=ranking,
                insight=None,
                outdated=None,
                verified_at=now,
                is_stored=False,
            )
        )

    def examined(self, insight: Insight) -> None:
        """Take what a second look has shown; the likeliest group comes first."""
        first = insight.comparison.groups[0].ids if insight.comparison.groups else ()
        self._update(
            lambda old: replace(
                old, insight=insight, ranking=_preferred(old.ranking, first)
            )
        )

    def measured(self, costs: Costs) -> None:
        """Take what finalists cost; it decides among those that nothing tells apart."""
        if not self.journal.is_empty:
            for candidate, measured in costs.items():
                self.journal.append(Measured(candidate=candidate, costs=measured), {})
        insight = self.progress.insight
        groups = insight.comparison.groups if insight else ()
        group_of = {id_: idx for idx, group in enumerate(groups) for id_ in group.ids}

        def alike(candidate: Candidate) -> object:
            return (behavior_of(candidate), group_of.get(candidate.id))

        self._update(
            lambda old: replace(old, ranking=with_costs(old.ranking, costs, alike))
        )

    def answered(self, option: int) -> None:
        """Put those first who answer a question like the person; it is settled."""
        insight = self.progress.insight
        if insight is None or insight.question is None:
            return
        groups = insight.question.options[option].groups
        ids = [id_ for group in groups for id_ in insight.comparison.groups[group].ids]
        self._update(
            lambda old: replace(old, insight=None, ranking=_preferred(old.ranking, ids))
        )

    def verified(self) -> None:
        self._update(lambda old: replace(old, is_verifying=False))

    def restore(self, progress: Progress, journal: SearchJournal) -> None:
        """Be a search of an earlier server, which has ended."""
        self.journal = journal
        self._update(lambda _: progress)
        self._placed.set()
        self._ended.set()

    def queue(self, position: int) -> None:
        """Wait at this place."""
        self._placed.set()
        if self.is_running:
            self._update(
                lambda old: replace(old, state=State.QUEUED, position=position)
            )

    def await_consent(self) -> None:
        """Wait for a person's answer."""
        self._placed.set()
        if self.is_running:
            self._update(lambda old: replace(old, state=State.AWAITING_CONSENT))

    def begin(self) -> None:
        """Its turn has come."""
        self._placed.set()
        if self.progress.state in _WAITING:
            self._update(lambda old: replace(old, state=State.RUNNING, position=None))

    def opened(
        self,
        *,
        proposer: str,
        notes: tuple[str, ...],
        budget: Budget,
        flaky: tuple[FlakyCase, ...] = (),
    ) -> None:
        self._update(
            lambda old: replace(
                old, proposer=proposer, notes=notes, budget=budget, flaky=flaky
            )
        )

    def record(self, event: SearchEvent) -> None:
        now = time.time()
        self._update(lambda old: replace(advance(old, event), verified_at=now))

    def settle(self, state: State, *, fault: RequestFault | None = None) -> None:
        """End it; later events of the same search change nothing."""
        if not self.is_running:
            return
        reason = StopReason.CANCELLED if state is State.CANCELLED else None
        self._update(
            lambda old: replace(
                old,
                state=state,
                position=None,
                fault=fault,
                stop_reason=old.stop_reason or reason,
            )
        )
        self._placed.set()
        self._ended.set()

    async def next_revision(self, after: int) -> int:
        """Wait until there is news since revision `after`."""
        while self.revision <= after:
            await self._changed.wait()
        return self.revision

    async def placed(self) -> None:
        """Wait until it is known whether it waits or runs, or has ended."""
        await self._placed.wait()

    async def ended(self) -> None:
        await self._ended.wait()

    def _update(self, change: Callable[[Progress], Progress]) -> None:
        changed = change(self.progress)
        shown = tuple(c for c in changed.ranking if c.id not in self.dismissed)
        self.progress = replace(changed, ranking=shown)
        self.revision += 1
        self._changed.set()
        self._changed = anyio.Event()


def _preferred(
    ranking: tuple[Candidate, ...], ids: Collection[CandidateId]
) -> tuple[Candidate, ...]:
    """The named ones before the others that pass everything."""
    return tuple(
        sorted(
            ranking,
            key=lambda each: (not each.outcome.all_passed, each.id not in ids),
        )
    )


def advance(progress: Progress, event: SearchEvent) -> Progress:
    """What is known after an event."""
    match event:
        case CandidateExecuted(candidate=candidate):
            return replace(progress, ranking=_ranked(progress.ranking, candidate))
        case CandidateReviewed(candidate=candidate):
            return replace(progress, ranking=_ranked(progress.ranking, candidate))
        case Progressed(n_done=n_done, n_max=n_max, ranking=ranking, usage=usage):
            return replace(
                progress, n_done=n_done, n_max=n_max, ranking=ranking, usage=usage
            )
        case Finished(result=result):
            return replace(
                progress,
                ranking=result.ranking,
                usage=result.usage,
                stop_reason=result.stop_reason,
            )
        case RoundStarted() | ReplyRejected():
            return progress
        case _:
            assert_never(event)


def _ranked(
    ranking: tuple[Candidate, ...], candidate: Candidate
) -> tuple[Candidate, ...]:
    others = tuple(other for other in ranking if other.id != candidate.id)
    return tuple(sorted((*others, candidate), key=answer_key))
