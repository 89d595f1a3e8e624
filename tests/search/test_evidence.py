"""What those that pass every test are compared by, in tiers below the tests."""

from dataclasses import replace

from orps_search.candidate import Candidate
from orps_search.config import Budget, SearchConfig
from orps_search.evidence import Evidence, evidence_of
from orps_search.problem import Problem
from orps_search.proposer import Proposal
from orps_search.run import run_search
from support.searching import (
    RIGHT,
    STUB,
    Events,
    FakeCritic,
    FakeExecutor,
    FakeProgrammer,
    problem,
)

# The tests of `problem` ask for 1, 0 and a text, and nobody says what a list gives.
ODD = "def double(x):\n    return x * 2 if x in (0, 1, 'ab') else x\n"
SAID = STUB.replace("Twice x.", "Twice x, so double(21) -> 42.")


def test_of_outputs_those_of_calls_are_the_behavior_and_examples_are_kept_or_not():
    evidence = Evidence(calls=("f(1)", "f(2)"), examples=("(f(3)) == 9",))
    assert evidence.expressions == ("f(1)", "f(2)", "(f(3)) == 9")
    assert evidence.outputs(("1", "4", "True")) == ("1", "4")
    assert evidence.kept(("1", "4", "True")) == 1.0
    assert evidence.kept(("1", "4", "!NameError")) == 0.0
    assert evidence.kept(()) is None
    assert Evidence(calls=("f(1)",)).kept(("1",)) is None


def test_what_the_present_body_gives_is_to_be_kept_but_not_what_it_raises():
    evidence = Evidence(calls=("f(1)", "f(2)", "f(0)"), examples=("(f(3)) == 9",))
    evidence = evidence.with_present(("1", "4", "!ZeroDivisionError"))
    assert evidence.kept(("1", "4", "0", "True")) == 1.0
    assert evidence.kept(("1", "5", "0", "False")) == 1 / 3


def test_no_inputs_are_no_evidence():
    assert evidence_of(problem(SAID), limit=0).expressions == ()


async def ranked(
    given: Problem, *codes: str, initial: Proposal | None = None
) -> list[Candidate]:
    found = await run_search(
        given,
        programmer=FakeProgrammer(script=codes),
        critic=FakeCritic(),
        executor=FakeExecutor(),
        config=SearchConfig(in_flight=1),
        budget=Budget(max_requests=None),
        publish=Events(),
        initial=initial,
    )
    return list(found.ranking)


async def test_what_the_docstring_says_comes_before_what_many_do():
    often = [ODD, RIGHT, ODD.replace("x * 2", "x + x"), ODD.replace("x * 2", "2 * x")]
    said = await ranked(problem(SAID), *often)
    assert (said[0].id, said[0].kept) == ("c2", 1.0)
    assert said[-1].kept == 0.0
    unsaid = await ranked(problem(), *often)
    assert unsaid[0].id != "c2"
    assert unsaid[0].kept is None


async def test_a_body_that_passes_is_not_replaced_by_one_that_does_something_else():
    present = RIGHT.replace("x * 2", "(x + x) * 1")
    given = problem(present)
    initial = Proposal(reasoning="", code=present)
    best, *_, last = await ranked(given, ODD, RIGHT, initial=initial)
    assert best.kept == 1.0
    assert last.kept is not None
    assert last.kept < 1.0
    assert last.code == ODD


async def test_of_those_that_agree_one_with_a_name_that_nothing_defines_comes_last():
    trap = "def double(x):\n    return x * 2 if x != 'zz' else missing\n"
    first, last = (await ranked(problem(), trap, RIGHT))[:2]
    assert (first.unresolved, last.unresolved) == ((), ("missing",))
    # Its tests take no longer, and it was there before.
    assert replace(last, unresolved=()).outcome == first.outcome
