"""What outcomes of a program and of its mutants make of each statement."""

from dataclasses import replace

from orps_search.labels.prm import prm_rows
from orps_search.labels.values import Labels, labeled_mutant, labeled_steps
from orps_search.mutation import Mutant, mutants, sources_of, step_at, steps_of
from support.searching import outcome

TEXT = """\
def f(a):
    b = a + 1
    if a > 3:
        b = 0
    return b * 2
"""
(SOURCE,) = sources_of(TEXT, "f")
STEPS = steps_of(SOURCE)


def ran(*passed: bool):
    """Every case executes all but the block of the condition."""
    found = outcome(*passed)
    lines = frozenset({2, 3, 5})
    return replace(found, cases=tuple(replace(c, lines=lines) for c in found.cases))


def mutant_at(line: int) -> Mutant:
    return next(each for each in mutants(TEXT, "f") if each.line == line)


def labels(original: tuple[bool, ...], changed: dict[int, tuple[bool, ...]]) -> Labels:
    shown = ran(*original)
    tried = tuple(
        labeled_mutant(
            mutant_at(line), ran(*passed), shown, step_at(STEPS, mutant_at(line).at)
        )
        for line, passed in changed.items()
    )
    return Labels(
        text=TEXT,
        outcome=shown,
        steps=labeled_steps(TEXT, STEPS, shown, tried),
        mutants=tried,
        case_seconds=None,
    )


def test_what_passes_is_right_where_it_runs():
    found = labels((True, True), {2: (True, False), 4: (True, True)})
    assert [each.label for each in found.steps] == [1, 1, None, 1]
    assert [each.label for each in found.mutants] == [0, None]
    assert [each.kept for each in found.mutants] == [False, True]
    assert [each.n_broken for each in found.steps] == [1, 0, 0, 0]


def test_what_fails_is_right_up_to_its_repair():
    found = labels((True, False), {2: (True, False), 5: (True, True)})
    assert [each.label for each in found.steps] == [1, 1, None, 0]
    assert [each.n_completions for each in found.steps] == [2, 2, 2, 1]
    assert [each.n_passing for each in found.steps] == [1, 1, 1, 0]


def test_rows_join_masked_statements_to_the_step_before():
    found = labels((True,), {5: (False,)})
    original, mutant = prm_rows(found, problem="p", prompt="def f(a):\n")
    assert original["completions"] == [
        "    b = a + 1\n",
        "    if a > 3:\n        b = 0\n",
        "    return b * 2\n",
    ]
    assert original["labels"] == [True, True, True]
    assert mutant["labels"] == [True, True, False]
    assert mutant["executed"] == [1, 1, 1]
