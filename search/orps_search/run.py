"""Performs what a policy asks for, with a programmer, an executor and a critic.

Each piece of work is one task of one task group: an expansion is proposed and
executed, a candidate is reviewed. Then the policy is told, and asked for more;
whether it waits for others before it asks for more is its own affair. Leaving the
group means that nothing of the search is running.

When a call is refused (`orps_search.calls`), no further one begins, those in flight
finish, and what was found is the result. Only a find that ends the search and the
deadline interrupt calls in flight.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import assert_never

import anyio
from anyio.abc import TaskGroup

from orps_sandbox.errors import SandboxError
from orps_search.calls import UNASKED, Calls, Unasked
from orps_search.candidate import INITIAL_ID, Candidate, CandidateId
from orps_search.config import Budget, SearchConfig
from orps_search.consulting import Consulting
from orps_search.errors import ModelError
from orps_search.events import (
    CandidateExecuted,
    CandidateReviewed,
    Finished,
    Progressed,
    ReplyRejected,
    RoundStarted,
    SearchEvent,
    SearchResult,
    SearchUsage,
    StopReason,
)
from orps_search.execution import Runner
from orps_search.executions import Executions
from orps_search.journal.entries import (
    Advice,
    Entry,
    Executed,
    Rejected,
    Resumed,
    Stopped,
    Told,
    ToldCritique,
    ToldWinner,
)
from orps_search.journal.fold import SearchState
from orps_search.journal.past import Past, began, new_past, past_of
from orps_search.journal.playback import asked
from orps_search.journal.seam import Journal, Unjournaled
from orps_search.policy import Contest, Review, Work, tell_winner
from orps_search.problem import Problem
from orps_search.proposer import (
    Critic,
    Exhausted,
    Expansion,
    Judge,
    Programmer,
    Proposal,
    Tester,
)
from orps_search.source.splice import Misplacement
from orps_search.spending import Spending

Publish = Callable[[SearchEvent], Awaitable[None]]

_FINDS = frozenset({StopReason.ACCEPTED, StopReason.SOLVED, StopReason.CONVERGED})
"""Reasons that count more than a budget which ran out meanwhile."""

WIND_DOWN_SECONDS = 5.0
"""How long answers may still arrive after a find. Drafts that were asked for together
are paid for together, and a choice of them is worth a moment."""


async def run_search(
    problem: Problem,
    *,
    programmer: Programmer,
    critic: Critic,
    executor: Runner,
    config: SearchConfig,
    budget: Budget,
    publish: Publish,
    tester: Tester | None = None,
    judge: Judge | None = None,
    initial: Proposal | None = None,
    journal: Journal | None = None,
    past: SearchState | None = None,
    advice: Advice | None = None,
) -> SearchResult:
    """Search until the policy or the budget ends it; the best comes first.

    The policy is the one that `config` names. `initial` is the body that is there
    already, a candidate like any other, but only a better one ends the search. What
    happens is handed to `journal`; with the `past` that one tells of, the search goes
    on there, under a budget for all of it, and heeds `advice` first.

    Raises `SandboxError`, `ModelError` when the endpoint failed before any candidate, and
    `JournalFault` for a past that is not the policy's. Cancelling leaves nothing running.
    """
    journal = journal or Unjournaled()
    behind = new_past(config) if past is None else past_of(past)
    if past is None:
        entry = began(problem, config=config, budget=budget, name=programmer.name)
    else:
        entry = Resumed(budget=budget, max_rounds=config.max_rounds)
    journal.append(entry, {})
    if advice is not None:
        behind.heed(advice, journal)
    search = _Search(
        problem,
        programmer=programmer,
        critic=critic,
        tester=tester if config.writes_tests else None,
        judge=judge,
        executor=executor,
        config=config,
        budget=budget,
        publish=publish,
        journal=journal,
        past=behind,
    )
    left = None if budget.max_seconds is None else budget.max_seconds - behind.seconds
    try:
        with anyio.move_on_after(left) as deadline:
            await search.play(initial)
        if deadline.cancelled_caught:
            search.stop(StopReason.SECONDS)
        result = search.result()
    except ModelError as error:
        journal.append(Stopped(reason=StopReason.MODEL, failure=str(error)), {})
        raise
    except anyio.get_cancelled_exc_class():
        journal.append(Stopped(reason=StopReason.CANCELLED), {})
        raise
    journal.append(Stopped(reason=result.stop_reason, failure=result.failure), {})
    await journal.saved()
    await publish(Finished(result=result))
    return result


class _Search:
    """The state of one running search."""

    def __init__(
        self,
        problem: Problem,
        *,
        programmer: Programmer,
        critic: Critic,
        tester: Tester | None,
        judge: Judge | None,
        executor: Runner,
        config: SearchConfig,
        budget: Budget,
        publish: Publish,
        journal: Journal,
        past: Past,
    ) -> None:
        self._spending = Spending(budget, spent=past.spent, seconds=past.seconds)
        self._publish = publish
        self._journal = journal
        self._past = past
        self._policy = past.policy
        self._executions = Executions(
            problem, executor, config, twins=past.twins, executed=past.executed
        )
        self._work_scope = anyio.CancelScope()
        self._round = past.last_round
        self._n_done = past.n_done
        self._exhausted = False
        """No expansion follows; what was proposed is still executed and reviewed."""
        self._stop_reason: StopReason | None = None
        self._calls = Calls(
            spending=self._spending,
            journal=journal,
            answers=past.answers,
            in_flight=config.in_flight,
            is_over=lambda: self._stop_reason is not None,
            stop=self.stop,
        )
        self._roles = Consulting(
            problem,
            programmer=programmer,
            critic=critic,
            tester=tester,
            judge=judge,
            calls=self._calls,
            reject=self._reject,
        )
        self._sandbox_error: SandboxError | None = None

    async def play(self, initial: Proposal | None) -> None:
        """Do what the policy asks for until it, or something else, ends that."""
        tests = await self._roles.tests()
        if tests is not None:
            self._executions.expect(tests)
        if initial is not None:
            await self._play_initial(initial)
        if not self._past.is_new:
            await self._tell_progress()
        with self._work_scope:
            async with anyio.create_task_group() as tasks:
                self._heed_policy()
                if self._stop_reason is None:
                    self._perform(self._past.open_works, tasks)
                if not (self._past.is_asked and self._past.open_works):
                    await self._begin_work(tasks)
        if self._sandbox_error is not None:
            raise self._sandbox_error
        self._close()
        self._heed_policy()
        self.stop(StopReason.EXHAUSTED)

    async def _play_initial(self, initial: Proposal) -> None:
        if self._executions[INITIAL_ID] is None:
            found = await self._executed_once(initial, INITIAL_ID, None)
            if found is None:
                return
            self._policy.begin(found)
        self._executions.begin(initial)

    def stop(self, reason: StopReason) -> None:
        """Let no further call begin; the first reason is the reason."""
        if self._stop_reason is None:
            self._stop_reason = reason

    def result(self) -> SearchResult:
        ranking = self._policy.ranking()
        error, reason = self._calls.model_error, self._stop_reason
        if error is not None and not ranking:
            raise error
        assert reason is not None
        error = error if reason is StopReason.MODEL else None
        return SearchResult(
            ranking=ranking,
            stop_reason=reason,
            usage=self._usage(),
            failure=str(error) if error else None,
            failure_kind=error.kind if error else None,
        )

    async def _begin_work(self, tasks: TaskGroup) -> None:
        """Start all that may run beside what runs already."""
        self._heed_policy()
        if self._stop_reason is not None:
            return
        works = self._policy.ask()
        self._note(asked(works))
        if not works:
            self._heed_policy()
        await self._announce_round(works)
        self._perform(works, tasks)

    def _perform(self, works: tuple[Work, ...], tasks: TaskGroup) -> None:
        for work in works:
            match work:
                case Review():
                    tasks.start_soon(self._review, work.candidate, tasks)
                case Contest():
                    tasks.start_soon(self._judge, work, tasks)
                case Expansion() if not self._exhausted:
                    tasks.start_soon(self._expand, work, tasks)
                case Expansion():
                    pass
                case _:
                    assert_never(work)

    def _close(self) -> None:
        """Let a policy conclude: of what it still wants, nothing can be had."""
        if self._stop_reason is None:
            return
        for work in self._policy.ask():
            match work:
                case Review(candidate=candidate):
                    self._policy.tell_critique(candidate.id, None)
                case Contest():
                    tell_winner(self._policy, work.name, None)
                case Expansion(id=id_):
                    self._policy.tell(id_, None)
                case _:
                    assert_never(work)

    async def _announce_round(self, works: tuple[Work, ...]) -> None:
        rounds = [work.round for work in works if isinstance(work, Expansion)]
        if rounds and max(rounds) > self._round and not self._exhausted:
            self._round = max(rounds)
            started = RoundStarted(round=self._round, n_expansions=len(rounds))
            await self._publish(started)

    async def _expand(self, expansion: Expansion, tasks: TaskGroup) -> None:
        candidate = None
        id_ = CandidateId(f"c{expansion.id}")
        proposal = await self._propose(expansion, id_)
        if isinstance(proposal, Proposal):
            try:
                candidate = await self._executed_once(proposal, id_, expansion)
            except SandboxError as error:
                self._sandbox_error = error
                self._work_scope.cancel()
        self._policy.tell(expansion.id, candidate)
        if proposal is not UNASKED and self._sandbox_error is None:
            name = None if candidate is None else candidate.id
            self._note(Told(expansion=expansion.id, candidate=name))
        self._n_done += 1
        await self._go_on(tasks)

    async def _go_on(self, tasks: TaskGroup) -> None:
        await self._tell_progress()
        await self._begin_work(tasks)

    async def _tell_progress(self) -> None:
        await self._publish(
            Progressed(
                n_done=self._n_done,
                n_max=self._policy.n_max,
                ranking=self._policy.ranking(),
                usage=self._usage(),
            )
        )

    def _heed_policy(self) -> None:
        """Stop when the policy wants nothing more."""
        reason = self._policy.stop_reason
        if reason in _FINDS:
            self._stop_reason = reason
            end = anyio.current_time() + WIND_DOWN_SECONDS
            self._work_scope.deadline = min(self._work_scope.deadline, end)
        elif reason is not None:
            self.stop(StopReason.EXHAUSTED if self._exhausted else reason)

    async def _propose(
        self, expansion: Expansion, id_: CandidateId
    ) -> Proposal | Unasked | None:
        if self._stop_reason is not None or self._exhausted:
            return UNASKED
        answer = await self._roles.proposal(expansion, id_)
        if isinstance(answer, Exhausted):
            self._exhausted = True
            return UNASKED
        return answer

    async def _executed_once(
        self, proposal: Proposal, id_: CandidateId, expansion: Expansion | None
    ) -> Candidate | None:
        """The executed candidate; for code that is known, the one that it was then."""
        twin = self._executions.twin(proposal, id_)
        if twin is not None:
            await self._reject(id_, f"it is the same code as candidate {twin}")
            return await self._executions.settled(twin)
        candidate = await self._executions.execute(proposal, id_, expansion)
        if isinstance(candidate, Misplacement):
            await self._reject(id_, candidate.reason)
            return None
        self._note(Executed(candidate=candidate))
        await self._publish(CandidateExecuted(candidate=candidate))
        return candidate

    async def _review(self, candidate: Candidate, tasks: TaskGroup) -> None:
        answer = await self._roles.critique(candidate)
        critique = None if answer is UNASKED else answer
        self._policy.tell_critique(candidate.id, critique)
        if answer is not UNASKED:
            self._note(ToldCritique(candidate=candidate.id, critique=critique))
        if critique is not None:
            reviewed = replace(candidate, critique=critique)
            await self._publish(CandidateReviewed(candidate=reviewed))
        await self._go_on(tasks)

    async def _judge(self, contest: Contest, tasks: TaskGroup) -> None:
        difference = self._executions.difference(contest.first, contest.second)
        answer = await self._roles.winner(contest, difference)
        winner = None if answer is UNASKED else answer
        tell_winner(self._policy, contest.name, winner)
        if answer is not UNASKED:
            self._note(ToldWinner(contest=contest.name, winner=winner))
        await self._go_on(tasks)

    async def _reject(self, id_: CandidateId, reason: str) -> None:
        self._note(Rejected(candidate=id_, reason=reason))
        await self._publish(ReplyRejected(reason=reason))

    def _note(self, entry: Entry) -> None:
        self._journal.append(entry, {})

    def _usage(self) -> SearchUsage:
        return SearchUsage(
            calls=self._spending.spent,
            executions=len(self._executions),
            seconds=self._spending.seconds,
            by_kind=self._spending.by_kind,
        )
