import ast

import pytest

from orps_search.inputs.harvest import harvested
from orps_search.inputs.variants import variants
from support.offline import offline_problem


def made(signature: str, *calls: str) -> list[str]:
    text = f"def pairs{signature}:\n    ...\n"
    tests = "".join(
        f"def test_{number}():\n    assert {call} == 0\n\n\n"
        for number, call in enumerate(calls)
    )
    problem = offline_problem(text, "pairs", tests)
    return list(variants(problem, harvested(problem), seed=0, limit=30))


def is_consistent(call: str) -> bool:
    row, number = ast.literal_eval(call.removeprefix("pairs"))
    return len(row) == number


@pytest.mark.parametrize("name", ["n", "length", "size_of_row"])
def test_a_number_that_is_always_a_length_stays_one(name: str):
    calls = made(f"(row, {name})", "pairs([1, 2, 1], 3)", "pairs([4, 5], 2)")
    assert len(calls) > 10
    assert all(map(is_consistent, calls))


def test_a_number_that_is_a_length_by_chance_is_free():
    calls = made("(row, wanted)", "pairs([1, 2, 1], 3)", "pairs([4, 5], 2)")
    assert not all(map(is_consistent, calls))


def test_one_call_that_breaks_the_relation_frees_it():
    calls = made("(row, n)", "pairs([1, 2, 1], 3)", "pairs([4, 5], 9)")
    assert not all(map(is_consistent, calls))
