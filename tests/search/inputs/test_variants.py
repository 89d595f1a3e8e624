"""Generated calls: new, of the same types, parseable, and the same for one seed."""

import ast
from random import Random
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orps_search.inputs import calls_to_observe
from orps_search.inputs.annotated import Unmakable, made
from orps_search.inputs.values import mutated
from orps_search.inputs.variants import variants
from support.searching import problem

SCALARS = st.one_of(
    st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=6),
        st.tuples(inner, inner),
        st.dictionaries(st.text(max_size=3), inner, max_size=4),
    ),
    max_leaves=12,
)


def arguments(call: str) -> list[Any]:
    tree = ast.parse(call, mode="eval").body
    assert isinstance(tree, ast.Call)
    return [ast.literal_eval(each) for each in tree.args]


# The machine may be busy with other things: a slow example is no failure.
@settings(deadline=None, max_examples=150)
@given(value=VALUES, pool=st.lists(VALUES, max_size=4), seed=st.integers(0, 999))
def test_a_mutated_value_keeps_its_type(
    value: object, pool: list[object], seed: int
) -> None:
    changed = mutated(value, Random(seed), pool)
    assert type(changed) is type(value)
    assert repr(changed) == repr(mutated(value, Random(seed), pool))


def test_variants_are_new_calls_of_the_same_shape() -> None:
    found = ("f([3, 1, 2], 'ab')", "f([10], 'b')")
    made_calls = variants(problem("def f(x, y): ...\n", "f"), found, seed=1, limit=30)
    assert len(made_calls) == len(set(made_calls)) == 30
    assert not set(made_calls) & set(found)
    for call in made_calls:
        numbers, text = arguments(call)
        # Where tests show no negative number, none is made.
        assert all(each >= 0 for each in cast("list[int]", numbers))
        assert set(text.lower()) <= {"a", "b"}


def test_the_seed_decides() -> None:
    stub = problem("def f(x): ...\n", "f")
    one, again, other = (
        variants(stub, ("f([1, 2, 3])",), seed=seed, limit=10) for seed in (1, 1, 2)
    )
    assert one == again
    assert one != other


def test_arguments_of_built_in_functions_stay() -> None:
    made_calls = variants(
        problem("def f(x): ...\n", "f"), ("round(f(2.5), 3)",), seed=0, limit=10
    )
    assert made_calls
    assert all(call.endswith(", 3)") for call in made_calls)


def test_lines_of_statements_are_varied_too() -> None:
    line = "(lambda: [*[(s := Stack())][1:], s.push(1), s.push(5), s.pop()])()"
    made_calls = variants(problem("def f(x): ...\n", "f"), (line,), seed=0, limit=8)
    assert len(made_calls) == 8
    assert all("s.pop()" in call for call in made_calls)


def test_annotations_serve_where_no_test_shows_a_call() -> None:
    text = "def f(a: list[int], b: 'str | None', *, c: dict[str, float]): ...\n"
    found = calls_to_observe(problem(text, "f", test_sources={}), limit=12)
    assert len(found) == 12
    for call in found:
        assert arguments(call)[0].__class__ is list
        assert "c={" in call


def test_nothing_is_made_up_without_tests_and_annotations() -> None:
    assert calls_to_observe(problem("def f(x): ...\n", "f", test_sources={})) == ()


def test_harvested_calls_come_first_and_are_a_third_at_most() -> None:
    tests = "".join(f"assert f({n}) == 0\n" for n in range(100, 140))
    stub = problem("def f(x): ...\n", "f", test_sources={"test_m.py": tests})
    found = calls_to_observe(stub, limit=30)
    assert found[:10] == tuple(f"f({n})" for n in range(100, 110))
    assert len(found) == 30


@pytest.mark.parametrize(
    ("annotation", "kinds"),
    [
        ("int", (int,)),
        ("Optional[str]", (str, type(None))),
        ("tuple[int, ...]", (tuple,)),
        ("typing.List[Tuple[int, str]]", (list,)),
        ("Literal['a', 'b']", (str,)),
        ("dict[str, list[int]]", (dict,)),
    ],
)
def test_values_from_annotations(annotation: str, kinds: tuple[type, ...]) -> None:
    node = ast.parse(annotation, mode="eval").body
    for seed in range(20):
        assert isinstance(made(node, Random(seed)), kinds)


@pytest.mark.parametrize(
    "annotation", ["Callable[[int], int]", "Node", "T", "set[list]"]
)
def test_no_value_for_what_is_not_plain(annotation: str) -> None:
    node = ast.parse(annotation, mode="eval").body
    rng = Random(0)
    with pytest.raises(Unmakable):
        _ = [made(node, rng) for _ in range(20)]
