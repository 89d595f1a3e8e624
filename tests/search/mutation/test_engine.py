"""Every mutant compiles, differs only in its span, and is the same each time."""

import ast
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orps_search.mutation import (
    MUTATIONS,
    REFACTORINGS,
    Operator,
    mutants,
    sources_of,
    steps_of,
)

MODULE = '''\
"""A module."""
import math

class Shop:
    def total(self, prices, *, tax=0.5, rounded=True):
        """Sum up."""
        total = 0   # starts empty
        for price in prices[1:]:
            if price < 0 or price is None:
                raise ValueError("negative")  # never
            total += price * 2
        if rounded:
            return round(total, 2)
        else:
            return total

def größte(werte: list[int], n=1):
    if not werte: return []
    found = []
    for wert in sorted(werte, reverse=True):
        if wert > 0:
            found.append(math.sqrt(wert))
    while len(found) > n and found[-1] == 0:
        found.pop()
    return found[:n] if n else [each for each in found if each]
'''
TARGETS = ("Shop.total", "größte", "Shop")


@pytest.mark.parametrize("qualname", TARGETS)
def test_a_mutant_is_one_edit_and_nothing_else(qualname: str):
    everything = list(mutants(MODULE, qualname, operators=Operator))
    assert len(everything) > 40
    for mutant in everything:
        edit = mutant.edit
        ast.parse(mutant.source)
        assert mutant.source.startswith(MODULE[: edit.start])
        assert mutant.source.endswith(MODULE[edit.end :])
        assert edit.replacement in mutant.source
        assert mutant.prefix in MODULE
        assert mutant.prefix + mutant.statement in mutant.source
        assert ast.dump(ast.parse(mutant.source)) != ast.dump(ast.parse(MODULE))


def test_every_fault_and_every_refactoring_is_made():
    module = MODULE + (
        "\ndef many(items, limit=3):\n"
        "    kept = []\n"
        "    for item in items:\n"
        "        if not (item and limit):\n"
        "            continue\n"
        "        kept.append(item)\n"
        "    for i in range(limit):\n"
        "        kept[i] = max(kept[i], limit)\n"
        "    odd = [k for k in kept if k]\n"
        "    shout = []\n"
        "    for k2 in odd:\n"
        "        shout.append(k2 + 1)\n"
        "    return many(shout, limit=limit)\n"
    )
    made = {
        mutant.operator
        for name in ("Shop", "größte", "many")
        for mutant in mutants(module, name, operators=MUTATIONS | REFACTORINGS)
    }
    assert made == MUTATIONS | REFACTORINGS


def test_a_seed_decides_the_order_and_nothing_else():
    def sources(seed: int) -> list[str]:
        return [each.source for each in mutants(MODULE, "größte", seed=seed)]

    assert sources(1) == sources(1)
    assert sources(1) != sources(2)
    assert sorted(sources(1)) == sorted(sources(2))


def test_the_first_mutants_touch_all_statements():
    (source,) = sources_of(MODULE, "Shop.total")
    lines = {step.line for step in steps_of(source)}
    first = islice(mutants(MODULE, "Shop.total", seed=3), len(lines))
    assert len({each.line for each in first}) >= len(lines) - 1


@pytest.mark.parametrize("qualname", ["Shop.total", "größte"])
def test_steps_are_the_function(qualname: str):
    (source,) = sources_of(MODULE, qualname)
    steps = steps_of(source)
    joined = "".join(MODULE[step.text_start : step.text_end] for step in steps)
    assert MODULE[: steps[0].text_start] + joined in MODULE
    assert joined.rstrip().endswith(ast.unparse(source.function).splitlines()[-1][-6:])


def test_what_cannot_be_found_or_parsed_has_no_mutants():
    assert list(mutants(MODULE, "Shop.other")) == []
    assert list(mutants("def f(:\n", "f")) == []
    assert list(mutants("def f():\n    '''Only words.'''\n", "f")) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(sorted(Operator, key=str)))
def test_any_seed_and_operator_gives_mutants_of_that_kind(
    seed: int, operator: Operator
):
    for mutant in islice(mutants(MODULE, "größte", seed=seed, operators={operator}), 5):
        assert mutant.operator is operator
        compile(mutant.source, "m.py", "exec")


def test_layouts_that_are_rare():
    rare = (
        "def f(a, b):\r\n\tif a: return b; \r\n\tx = (a\r\n\t     + b) ; y = 1\x0c\r\n"
        "\treturn [x\r\n\t\tfor x in (a, b)]"
    )
    for mutant in mutants(rare, "f", operators=Operator):
        compile(mutant.source, "m.py", "exec")
