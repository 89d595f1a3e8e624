"""Performs what a policy asks for, with a programmer, an executor and a critic.

Each piece of work is one task of one task group: an expansion is proposed and
executed, a candidate is reviewed. Then the policy is told, and asked for more;
whether it waits for others before it asks for more is its own affair. Leaving the
group means that nothing of the search is running.

Before each call its worst case is reserved in the ledger; when that is refused, no
further call begins, those in flight finish, and what was found is the result. Only
a find that ends the search and the deadline interrupt calls in flight.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar, assert_never

import anyio
from anyio.abc import TaskGroup

from orps_sandbox.errors import SandboxError
from orps_search.candidate import INITIAL_ID, Candidate, CandidateId, Critique
from orps_search.config import Budget, SearchConfig
from orps_search.critique_replies import critique_text
from orps_search.errors import ModelError, ModelRefused
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
from orps_search.execution import (
    Runner,
    case_seconds_after,
    execute_candidate,
    normal_form,
)
from orps_search.model import worst_tokens
from orps_search.policies import POLICIES
from orps_search.policy import Review, Work
from orps_search.problem import Problem
from orps_search.proposer import (
    Critic,
    Exhausted,
    Expansion,
    MalformedReply,
    Programmer,
    Proposal,
    Usage,
)
from orps_search.source.splice import Misplacement
from orps_search.spending import Spending

_Answer = TypeVar(
    "_Answer", Proposal | MalformedReply | Exhausted, Critique | MalformedReply
)

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
    initial: Proposal | None = None,
) -> SearchResult:
    """Search until the policy or the budget ends it; the best comes first.

    The policy is the one that `config` names. `initial` is the body that is there
    already. It is a candidate like any other, but only a better one is accepted as
    an end of the search.

    Raises `SandboxError` when the host cannot execute, and `ModelError` when the
    endpoint failed before there was any candidate. Cancelling leaves nothing running.
    """
    search = _Search(
        problem,
        programmer=programmer,
        critic=critic,
        executor=executor,
        config=config,
        budget=budget,
        publish=publish,
    )
    with anyio.move_on_after(budget.max_seconds) as deadline:
        await search.play(initial)
    if deadline.cancelled_caught:
        search.stop(StopReason.SECONDS)
    result = search.result()
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
        executor: Runner,
        config: SearchConfig,
        budget: Budget,
        publish: Publish,
    ) -> None:
        self._problem = problem
        self._programmer = programmer
        self._critic = critic
        self._executor = executor
        self._spending = Spending(budget)
        self._publish = publish
        self._policy = POLICIES[config.policy].make(config)
        self._patience = config.patience
        self._case_seconds: float | None = None
        self._slots = anyio.CapacityLimiter(config.workers)
        self._work_scope = anyio.CancelScope()
        self._twins: dict[str, CandidateId] = {}
        self._executed: dict[CandidateId, Candidate] = {}
        self._round = -1
        self._n_done = 0
        self._exhausted = False
        """No expansion follows; what was proposed is still executed and reviewed."""
        self._stop_reason: StopReason | None = None
        self._model_error: ModelError | None = None
        self._sandbox_error: SandboxError | None = None

    async def play(self, initial: Proposal | None) -> None:
        """Do what the policy asks for until it, or something else, ends that."""
        if initial is not None:
            found = await self._executed_once(initial, INITIAL_ID, None)
            if found is not None:
                self._policy.begin(found)
                self._case_seconds = case_seconds_after(found.outcome, self._patience)
        with self._work_scope:
            async with anyio.create_task_group() as tasks:
                await self._begin_work(tasks)
        if self._sandbox_error is not None:
            raise self._sandbox_error
        self._heed_policy()
        self.stop(StopReason.EXHAUSTED)

    def stop(self, reason: StopReason) -> None:
        """Let no further call begin; the first reason is the reason."""
        if self._stop_reason is None:
            self._stop_reason = reason

    def result(self) -> SearchResult:
        ranking = self._policy.ranking()
        if self._model_error is not None and not ranking:
            raise self._model_error
        assert self._stop_reason is not None
        failed = self._stop_reason is StopReason.MODEL
        return SearchResult(
            ranking=ranking,
            stop_reason=self._stop_reason,
            usage=self._usage(),
            failure=str(self._model_error) if failed else None,
        )

    async def _begin_work(self, tasks: TaskGroup) -> None:
        """Start all that may run beside what runs already."""
        self._heed_policy()
        if self._stop_reason is not None:
            return
        works = self._policy.ask()
        if not works:
            self._heed_policy()
        await self._announce_round(works)
        for work in works:
            match work:
                case Review():
                    tasks.start_soon(self._review, work.candidate, tasks)
                case Expansion() if not self._exhausted:
                    tasks.start_soon(self._expand, work, tasks)
                case Expansion():
                    pass
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
        proposal = await self._propose(expansion)
        if proposal is not None:
            id_ = CandidateId(f"c{expansion.id}")
            try:
                candidate = await self._executed_once(proposal, id_, expansion)
            except SandboxError as error:
                self._sandbox_error = error
                self._work_scope.cancel()
        self._policy.tell(expansion.id, candidate)
        self._n_done += 1
        await self._go_on(tasks)

    async def _go_on(self, tasks: TaskGroup) -> None:
        await self._publish(
            Progressed(
                n_done=self._n_done,
                n_max=self._policy.n_max,
                ranking=self._policy.ranking(),
                usage=self._usage(),
            )
        )
        await self._begin_work(tasks)

    def _heed_policy(self) -> None:
        """Stop when the policy wants nothing more."""
        reason = self._policy.stop_reason
        if reason in _FINDS:
            self._stop_reason = reason
            end = anyio.current_time() + WIND_DOWN_SECONDS
            self._work_scope.deadline = min(self._work_scope.deadline, end)
        elif reason is not None:
            self.stop(StopReason.EXHAUSTED if self._exhausted else reason)

    async def _propose(self, expansion: Expansion) -> Proposal | None:
        if self._stop_reason is not None or self._exhausted:
            return None
        answer = await self._ask(
            self._programmer.worst_case(self._problem, expansion),
            partial(self._programmer.propose, self._problem, expansion),
        )
        match answer:
            case Proposal() | None:
                return answer
            case MalformedReply():
                await self._publish(ReplyRejected(reason=answer.reason))
                return None
            case Exhausted():
                self._exhausted = True
                return None
            case _:
                assert_never(answer)

    async def _executed_once(
        self, proposal: Proposal, id_: CandidateId, expansion: Expansion | None
    ) -> Candidate | None:
        """The executed candidate; for code that is known, the one that it was then."""
        twin = self._twins.setdefault(normal_form(proposal.code), id_)
        if twin != id_:
            reason = f"it is the same code as candidate {twin}"
            await self._publish(ReplyRejected(reason=reason))
            return self._executed.get(twin)
        parent = expansion.parent if expansion else None
        async with self._slots:
            candidate = await execute_candidate(
                self._problem,
                proposal,
                self._executor,
                id=id_,
                parent=parent.id if parent else None,
                round=expansion.round if expansion else 0,
                case_seconds=self._case_seconds,
            )
        if isinstance(candidate, Misplacement):
            await self._publish(ReplyRejected(reason=candidate.reason))
            return None
        self._executed[id_] = candidate
        await self._publish(CandidateExecuted(candidate=candidate))
        return candidate

    async def _review(self, candidate: Candidate, tasks: TaskGroup) -> None:
        critique = await self._critique(candidate)
        self._policy.tell_critique(candidate.id, critique)
        if critique is not None:
            reviewed = replace(candidate, critique=critique)
            await self._publish(CandidateReviewed(candidate=reviewed))
        await self._go_on(tasks)

    async def _critique(self, candidate: Candidate) -> Critique | None:
        answer = await self._ask(
            self._critic.worst_case(self._problem, candidate),
            partial(self._critic.review, self._problem, candidate),
        )
        if isinstance(answer, MalformedReply):
            await self._publish(ReplyRejected(reason=answer.reason))
            # Words without a score still help whoever writes the next version.
            return Critique(text=critique_text(answer.reply), process_reward=None)
        return answer

    async def _ask(
        self,
        worst: Usage,
        role: Callable[[MalformedReply | None], Awaitable[tuple[_Answer, Usage]]],
    ) -> _Answer | None:
        """Ask a role, and once more if its reply was malformed and budget allows.

        `None` means that there is no answer, and the reason is known already.
        """
        answer = await self._ask_once(worst, role, None)
        if isinstance(answer, MalformedReply):
            shown = Usage(input_tokens=worst_tokens(answer.reply + answer.reason))
            again = await self._ask_once(worst + shown, role, answer)
            return answer if again is None else again
        return answer

    async def _ask_once(
        self,
        worst: Usage,
        role: Callable[[MalformedReply | None], Awaitable[tuple[_Answer, Usage]]],
        rejected: MalformedReply | None,
    ) -> _Answer | None:
        async with self._spending.call(worst) as call:
            if isinstance(call, StopReason):
                self.stop(call)
                return None
            # Another task may have stopped the search while this one waited for room.
            if self._stop_reason is not None:
                call.spent = Usage()
                return None
            try:
                answer, call.spent = await role(rejected)
            except ModelRefused as error:
                # One declined answer says nothing about the next one.
                self._model_error = self._model_error or error
                await self._publish(ReplyRejected(reason=str(error)))
                return None
            except ModelError as error:
                self._model_error = error
                self.stop(StopReason.MODEL)
                return None
            return answer

    def _usage(self) -> SearchUsage:
        return SearchUsage(
            calls=self._spending.spent,
            executions=len(self._executed),
            seconds=self._spending.seconds,
        )
