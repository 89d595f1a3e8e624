"""The programmer behind the seam: shared streams, no repeats, a responsive loop."""

from dataclasses import replace

import anyio
import anyio.lowlevel

from orps_search.candidate import Candidate, Critique
from orps_search.offline import (
    OFFLINE_BUDGET,
    OFFLINE_CONFIG,
    OfflineCritic,
    OfflineProgrammer,
)
from orps_search.problem import Problem
from orps_search.proposer import (
    Exhausted,
    Expansion,
    ExpansionId,
    MalformedReply,
    Proposal,
    Usage,
)
from support.offline import offline_problem
from support.searching import outcome, state

STUB = "def f(a, b):\n    ...\n"
TESTS = "def test():\n    assert f(1, 2) == 3\n    assert f(4, 9) == 13\n"
HARD = "def test():\n    assert f(1, 2) == 30417\n    assert f(4, 9) == -71\n"


def candidate(*passed: bool, code: str = STUB, message: str = "") -> Candidate:
    return replace(state("c1"), code=code, outcome=outcome(*passed, message=message))


def expansion(number: int, parent: Candidate | None = None) -> Expansion:
    return Expansion(id=ExpansionId(number), parent=parent, round=0, sample=number)


async def served(
    programmer: OfflineProgrammer, problem: Problem, count: int
) -> list[Proposal | MalformedReply | Exhausted]:
    answers: list[Proposal | MalformedReply | Exhausted] = []
    for number in range(count):
        answer, usage = await programmer.propose(problem, expansion(number))
        assert usage == Usage()
        answers.append(answer)
    return answers


async def test_a_proposal_says_who_wrote_it():
    problem = offline_problem(STUB, "f", TESTS)
    programmer = OfflineProgrammer(problem)
    (answer,) = await served(programmer, problem, 1)
    assert isinstance(answer, Proposal)
    assert programmer.name == "offline"
    assert "offline proposer" in answer.reasoning
    assert "2 of 2 examples" in answer.reasoning


async def test_nothing_is_served_twice_and_the_end_names_the_remedy():
    problem = offline_problem(STUB, "f", TESTS)
    answers = await served(OfflineProgrammer(problem), problem, 12)
    codes = [each.code for each in answers if isinstance(each, Proposal)]
    assert 1 <= len(codes) == len(set(codes))
    last = answers[-1]
    assert isinstance(last, Exhausted)
    assert "--base-url" in last.reason
    assert "orps.llm.model" in last.reason


async def test_the_same_seed_gives_the_same_proposals():
    problem = offline_problem("def f(a, b):\n    return a - b\n", "f", TESTS)
    runs = [await served(OfflineProgrammer(problem, seed=3), problem, 8) for _ in "ab"]
    assert runs[0] == runs[1]


async def test_an_implementation_is_repaired_in_the_first_round():
    problem = offline_problem("def f(a, b):\n    return a - b\n", "f", TESTS)
    answers = await served(OfflineProgrammer(problem), problem, 16)
    assert any(
        "return a + b" in each.code for each in answers if isinstance(each, Proposal)
    )


async def test_concurrent_expansions_share_one_stream():
    problem = offline_problem("def f(a, b):\n    return a - b\n", "f", TESTS)
    programmer = OfflineProgrammer(problem)
    codes: list[str] = []

    async def expand(number: int) -> None:
        answer, _ = await programmer.propose(problem, expansion(number))
        assert isinstance(answer, Proposal)
        codes.append(answer.code)

    async with anyio.create_task_group() as tasks:
        for number in range(10):
            tasks.start_soon(expand, number)
    assert len(set(codes)) == 10


async def test_a_failing_parent_is_edited():
    problem = offline_problem(STUB, "f", HARD.replace("30417", "g()"))
    parent = candidate(False, True, code="def f(a, b):\n    return a - b\n")
    programmer = OfflineProgrammer(problem)
    answer, _ = await programmer.propose(problem, expansion(0, parent))
    assert isinstance(answer, Proposal)
    assert "one edit" in answer.reasoning


async def test_others_run_while_it_thinks_and_cancelling_is_immediate():
    problem = offline_problem(STUB, "f", HARD)
    programmer = OfflineProgrammer(problem)
    n_turns = 0

    async def think() -> None:
        await programmer.propose(problem, expansion(0))

    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(think)
            while n_turns < 20:
                n_turns += 1
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
    assert n_turns == 20


async def test_the_critic_says_what_fails():
    problem = offline_problem(STUB, "f", TESTS)
    given = candidate(True, False, message="test_m.py:3: in test\nE   assert 3 == 4")
    critique, usage = await OfflineCritic().review(problem, given)
    assert usage == Usage()
    assert isinstance(critique, Critique)
    assert "assert 3 == 4" in critique.text
    assert critique.process_reward == 2
    assert not critique.satisfied


async def test_the_critic_is_satisfied_by_passing_tests_only():
    problem = offline_problem(STUB, "f", TESTS)
    critique, _ = await OfflineCritic().review(problem, candidate(True, True))
    assert isinstance(critique, Critique)
    assert critique.satisfied
    assert critique.process_reward == 5


def test_the_defaults_ask_nothing_of_anyone():
    assert OFFLINE_BUDGET.max_requests is None
    assert OFFLINE_BUDGET.max_tokens is None
    assert OFFLINE_CONFIG.finish_round
