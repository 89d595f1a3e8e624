"""Which cases a candidate is run against first, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orps_sandbox.observation import Observation
from orps_sandbox.outcome import CaseResult, CaseStatus, ExecutionOutcome
from orps_sandbox.program import Program
from orps_search.candidate import Candidate, CandidateId
from orps_search.cascade import NOT_RUN, Cascade, is_killed, with_rest
from orps_search.execution import execute_candidate
from orps_search.proposer import Proposal
from orps_search.verdicts import failures
from support.searching import RIGHT, WRONG, outcome, problem

IDS = ("a", "b", "c", "d")
SLOW = 2.0


def ran(*passed: bool, seconds: Sequence[float] = (0.0, 0.0, 0.0, SLOW)):
    """An outcome of the first cases of `IDS`."""
    cases = tuple(
        CaseResult(
            id=id_,
            status=CaseStatus.PASSED if ok else CaseStatus.FAILED,
            wall_seconds=took,
        )
        for id_, ok, took in zip(IDS, passed, seconds, strict=False)
    )
    return replace(outcome(), cases=cases)


def taught(*outcomes: ExecutionOutcome) -> Cascade:
    cascade = Cascade(IDS)
    for each in outcomes:
        cascade.note(each)
    return cascade


FAILS_B = ran(True, False, True, False)
PASSES = ran(True, True, True, True)


def test_nothing_is_looked_at_first_before_something_was_learned():
    assert taught().probe() == ()
    assert taught(FAILS_B, FAILS_B).probe() == ()


def test_the_case_that_kills_most_for_its_time_comes_first():
    cascade = taught(FAILS_B, FAILS_B, FAILS_B, PASSES)
    # `d` kills as many, and takes two seconds for it.
    assert cascade.order()[0] == "b"
    assert cascade.order()[-1] == "d"
    assert cascade.probe() == ("b",)


def test_a_suite_that_takes_no_time_is_run_at_once():
    quick = [0.001] * 4
    cascade = taught(*[ran(True, False, True, True, seconds=quick)] * 9)
    assert cascade.probe() == ()


def test_where_nothing_fails_there_is_no_first_look():
    assert taught(*[PASSES] * 9).probe() == ()


def test_what_starting_a_process_takes_is_measured():
    slow_start = Cascade(IDS)
    for _ in range(9):
        slow_start.note(FAILS_B, elapsed_seconds=SLOW + 30.0)
    # One more process for those that pass would cost more than the slow case does.
    slow_start.note(PASSES, elapsed_seconds=SLOW + 30.0)
    assert slow_start.probe() == ()


def test_before_a_find_a_first_look_has_to_save_more():
    slight = [0.4, 0.01, 0.01, 0.2]
    fails = ran(False, True, True, True, seconds=slight)
    assert taught(*[fails] * 9).probe() == ()
    passes = ran(True, True, True, True, seconds=slight)
    assert taught(passes, *[fails] * 20).probe() == ("a",)


def test_what_most_likely_fails_is_looked_at_where_most_do_not():
    learned = [ran(True, False, True, True), *[PASSES] * 20]
    cascade = taught(*learned)
    assert cascade.probe() == ()
    assert cascade.probe(is_suspect=True) == ("b",)


def test_a_killed_candidate_says_what_was_not_run():
    killed = with_rest(ran(False), IDS)
    assert [case.id for case in killed.cases] == list(IDS)
    assert is_killed(killed)
    assert (killed.n_passed, killed.n_total) == (0, 4)
    assert {case.message for case in killed.cases[1:]} == {NOT_RUN}
    # What was seen is told first, wherever it stands in the suite.
    late = with_rest(replace(FAILS_B, cases=FAILS_B.cases[3:]), IDS)
    assert failures(late)[0].id == "d"


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=30))
def test_the_same_past_makes_the_same_choice_in_the_order_of_the_suite(
    passed: list[list[bool]],
):
    outcomes = [ran(*each) for each in passed]
    probe = taught(*outcomes).probe()
    assert probe == taught(*outcomes).probe()
    assert list(probe) == sorted(probe)
    assert sorted(taught(*outcomes).order()) == list(IDS)


@dataclass
class Suite:
    """Runs a candidate against the cases that it is asked for, and counts them."""

    asked: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])

    async def run(self, program: Program) -> ExecutionOutcome:
        self.asked.append(program.case_ids)
        is_right = "x * 2" in program.files["m.py"]
        whole = ran(True, is_right, True, True)
        return replace(
            whole, cases=tuple(c for c in whole.cases if c.id in program.case_ids)
        )

    async def observe(
        self, program: Program, calls: tuple[str, ...], *, module_path: str
    ) -> tuple[Observation, ...]:
        return ()


async def executed(suite: Suite, code: str, cascade: Cascade | None) -> Candidate:
    candidate = await execute_candidate(
        replace(problem(), case_ids=IDS),
        Proposal(reasoning="", code=code),
        suite,
        id=CandidateId("c1"),
        cascade=cascade,
    )
    assert isinstance(candidate, Candidate)
    return candidate


async def test_what_passes_has_run_against_the_whole_suite_and_what_fails_need_not():
    cascade = taught(FAILS_B, FAILS_B, FAILS_B, PASSES)
    suite = Suite()
    failed = await executed(suite, WRONG, cascade)
    assert suite.asked == [("b",)]
    assert not failed.outcome.all_passed
    passed = await executed(suite, RIGHT, cascade)
    assert suite.asked == [("b",), ("b",), IDS]
    assert passed.outcome.all_passed


@pytest.mark.parametrize("code", [RIGHT, WRONG])
async def test_a_cascade_changes_no_verdict(code: str):
    whole = await executed(Suite(), code, None)
    cascade = taught(FAILS_B, FAILS_B, FAILS_B, PASSES)
    first = await executed(Suite(), code, cascade)
    assert first.outcome.all_passed == whole.outcome.all_passed
    if whole.outcome.all_passed:
        assert first.outcome == whole.outcome
