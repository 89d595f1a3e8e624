"""Mutants and refactorings of one function of a module: pure, and the same each time.

Four uses share them: labels of lines, repair, the strength of tests, and telling
candidates apart. A mutant compiles; whether it behaves differently is for execution
to say.
"""

import ast
import warnings
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from random import Random

from orps_search.mutation.alternatives import alternative_edits
from orps_search.mutation.amounts import amount_edits
from orps_search.mutation.arguments import argument_edits
from orps_search.mutation.clauses import clause_edits
from orps_search.mutation.copies import copy_edits
from orps_search.mutation.edits import Edit, Source, applied, sources_of
from orps_search.mutation.exchanges import exchange_edits
from orps_search.mutation.insertions import insertion_edits
from orps_search.mutation.missing import missing_edits
from orps_search.mutation.names import name_edits
from orps_search.mutation.operator import MUTATIONS, Operator
from orps_search.mutation.outcomes import outcome_edits
from orps_search.mutation.refactorings import refactoring_edits
from orps_search.mutation.removals import removal_edits
from orps_search.mutation.renamings import renaming_edits
from orps_search.mutation.scope import scope_of
from orps_search.mutation.statements import statement_edits
from orps_search.mutation.steps import Step, step_at, steps_of
from orps_search.mutation.symbols import condition_edits, operator_edits


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A module's text with one edit in one function."""

    operator: Operator
    line: int
    """Of the statement that the edit changes, in the text before it; from 1."""
    at: int
    """Where that statement starts: the `start` of its step."""
    lines: tuple[int, int]
    """First and last line that the edit itself touches."""
    prefix: str
    """The function's text from its `def` to the statement, untouched."""
    statement: str
    """The changed statement as it reads now; what follows it is untouched."""
    edit: Edit
    source: str
    """The whole text of the module."""


def mutants(
    text: str,
    qualname: str,
    *,
    seed: int = 0,
    operators: Collection[Operator] = MUTATIONS,
) -> Iterator[Mutant]:
    """Yield each different mutant once, the statements of the target by turns.

    So any first part of them touches all statements about equally often. A class
    stands for its methods. The seed decides the order, and nothing else.
    """
    known = {_form(text)}
    turns = deque(_shuffled_by_statement(text, qualname, seed, frozenset(operators)))
    while turns:
        source, steps, edits = turns.popleft()
        mutant = _next_new(source, steps, edits, known)
        if mutant is not None:
            yield mutant
            turns.append((source, steps, edits))


def edits_of(source: Source) -> Iterator[Edit]:
    """Yield all edits of a function, each with its operator and its likelihood."""
    scope = scope_of(source)
    yield from operator_edits(source)
    yield from condition_edits(source)
    yield from amount_edits(source)
    yield from name_edits(source, scope)
    yield from statement_edits(source)
    yield from removal_edits(source)
    yield from outcome_edits(source)
    yield from missing_edits(source, scope)
    yield from clause_edits(source, scope)
    yield from argument_edits(source, scope)
    yield from alternative_edits(source, scope)
    yield from exchange_edits(source, scope)
    yield from renaming_edits(source, scope)
    yield from insertion_edits(source, scope)
    yield from copy_edits(source, scope)
    yield from refactoring_edits(source)


_Turn = tuple[Source, tuple[Step, ...], list[Edit]]


def _shuffled_by_statement(
    text: str, qualname: str, seed: int, operators: frozenset[Operator]
) -> Iterable[_Turn]:
    random = Random(seed)  # noqa: S311 - a choice, not a secret
    turns: list[_Turn] = []
    for source in sources_of(text, qualname):
        steps = steps_of(source)
        groups: dict[int, list[Edit]] = {}
        for edit in edits_of(source):
            if edit.operator in operators and steps:
                place = max(edit.start, steps[0].start)
                groups.setdefault(step_at(steps, place).start, []).append(edit)
        for group in groups.values():
            random.shuffle(group)
            turns.append((source, steps, group))
    random.shuffle(turns)
    return turns


def _next_new(
    source: Source, steps: tuple[Step, ...], edits: list[Edit], known: set[str]
) -> Mutant | None:
    while edits:
        edit = edits.pop()
        changed = applied(source.text, edit)
        form = _form(changed)
        if form and form not in known:
            known.add(form)
            return _mutant(source, steps, edit, changed)
    return None


def _mutant(
    source: Source, steps: tuple[Step, ...], edit: Edit, changed: str
) -> Mutant:
    assert edit.operator is not None
    step = step_at(steps, max(edit.start, steps[0].start))
    growth = len(changed) - len(source.text)
    # An edit of the signature comes before the first statement.
    start = min(step.text_start, edit.start)
    return Mutant(
        operator=edit.operator,
        line=step.line,
        at=step.start,
        lines=(source.line_at(edit.start), source.line_at(max(edit.start, edit.end))),
        prefix=source.text[source.line_start(source.function.lineno) : start],
        statement=changed[start : max(step.text_end, edit.end) + growth],
        edit=edit,
        source=changed,
    )


def _form(text: str) -> str:
    """Equal for texts that differ in layout only; empty for what does not compile."""
    with warnings.catch_warnings():
        # That `is` compares with a constant is the point of a mutant.
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
            compile(tree, "<mutant>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ""
    return ast.dump(tree)
