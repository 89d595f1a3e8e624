"""The roles as a running search asks them: what came of each call, in its own terms.

Why nothing came of a call is told to whoever watches, and written down.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import assert_never

from orps_search.calls import Calls, Unasked
from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.critique_replies import critique_text
from orps_search.journal.entries import TESTS_ID, Declined, Role
from orps_search.policy import Contest
from orps_search.problem import Problem
from orps_search.proposer import (
    CallKind,
    Critic,
    Difference,
    Exhausted,
    Expansion,
    Judge,
    Judgement,
    MalformedReply,
    Programmer,
    Proposal,
    Tester,
    WrittenTests,
)


class Consulting:
    """Programmer and critic, perhaps a tester and a judge, about one problem."""

    def __init__(
        self,
        problem: Problem,
        *,
        programmer: Programmer,
        critic: Critic,
        tester: Tester | None,
        judge: Judge | None,
        calls: Calls,
        reject: Callable[[CandidateId, str], Awaitable[None]],
    ) -> None:
        self._problem = problem
        self._programmer = programmer
        self._critic = critic
        self._tester = tester
        self._judge = judge
        self._calls = calls
        self._reject = reject

    async def proposal(
        self, expansion: Expansion, id_: CandidateId
    ) -> Proposal | Exhausted | Unasked | None:
        answer = await self._calls.ask(
            (Role.PROGRAMMER, id_),
            CallKind.REPAIR if expansion.parent else CallKind.DRAFT,
            self._programmer.worst_case(self._problem, expansion),
            partial(self._programmer.propose, self._problem, expansion),
        )
        match answer:
            case MalformedReply() | Declined():
                await self._reject(id_, answer.reason)
                return None
            case _:
                return answer

    async def critique(self, candidate: Candidate) -> Critique | Unasked | None:
        answer = await self._calls.ask(
            (Role.CRITIC, candidate.id),
            CallKind.CRITIQUE,
            self._critic.worst_case(self._problem, candidate),
            partial(self._critic.review, self._problem, candidate),
        )
        match answer:
            case MalformedReply():
                await self._reject(candidate.id, answer.reason)
                # Words without a score still help whoever writes the next version.
                return Critique(text=critique_text(answer.reply), process_reward=None)
            case Declined():
                await self._reject(candidate.id, answer.reason)
                return None
            case _:
                return answer

    async def winner(
        self, contest: Contest, difference: Difference | None
    ) -> CandidateId | Unasked | None:
        """Which of the two is meant; `None` if nobody could say."""
        if self._judge is None:
            return None
        pair = (contest.first, contest.second)
        answer = await self._calls.ask(
            (Role.JUDGE, contest.name),
            CallKind.JUDGEMENT,
            self._judge.worst_case(self._problem, pair, difference),
            partial(self._judge.judge, self._problem, pair, difference),
        )
        match answer:
            case Judgement():
                return pair[0 if answer.is_first else 1].id
            case MalformedReply() | Declined():
                await self._reject(contest.name, answer.reason)
                return None
            case Unasked.UNASKED:
                return answer
            case _:
                assert_never(answer)

    async def tests(self) -> WrittenTests | None:
        if self._tester is None:
            return None
        answer = await self._calls.ask(
            (Role.TESTER, TESTS_ID),
            CallKind.TESTS,
            self._tester.worst_case(self._problem),
            partial(self._tester.write, self._problem),
        )
        match answer:
            case WrittenTests():
                return answer
            case MalformedReply() | Declined():
                await self._reject(TESTS_ID, answer.reason)
                return None
            case Unasked.UNASKED:
                return None
            case _:
                assert_never(answer)
