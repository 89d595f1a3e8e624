"""A missing base case: what tests expect of empty, zero or negative input."""

from collections.abc import Iterator, Sequence

from orps_search.mutation.edits import Edit, Source
from orps_search.mutation.operator import Operator
from orps_search.offline.example import Example, Raises, Returns
from orps_search.offline.values import Value


def guard_edits(source: Source, examples: Sequence[Example]) -> Iterator[Edit]:
    """Yield a missing base case: what tests expect of empty, zero or negative input."""
    body = source.statements()
    if not body:
        return
    start = source.span(body[0])[0]
    indent = source.indent(body[0])
    if indent is None:
        return
    for test, outcome, weight in _guards(examples):
        yield Edit(
            start=start,
            end=start,
            replacement=f"if {test}:\n{indent}    {outcome}\n{indent}",
            weight=weight,
            what=f"a missing case: `if {test}: {outcome}`",
            operator=Operator.BASE_CASE,
        )


def _guards(examples: Sequence[Example]) -> Iterator[tuple[str, str, int]]:
    seen: set[tuple[str, str]] = set()
    for example in examples:
        outcome = _outcome(example)
        if outcome is None:
            continue
        for name, value in example.variables.items():
            for test in _tests(name, value):
                if (test, outcome) not in seen and _separates(test, outcome, examples):
                    seen.add((test, outcome))
                    yield test, outcome, 3


def _outcome(example: Example) -> str | None:
    match example.expectation:
        case Raises(exception=exception, message=message):
            return (
                f"raise {exception}({message!r})" if message else f"raise {exception}"
            )
        case Returns(value=None | bool() | 0 | 1 | "" | [] | {} | () as value):
            return f"return {value!r}"
        case _:
            return None


def _tests(name: str, value: Value) -> Iterator[str]:
    if value is None:
        yield f"{name} is None"
    elif isinstance(value, (str, list, tuple, dict, set)) and not value:
        yield f"not {name}"
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if value == 0:
            yield f"{name} == 0"
        if value < 0:
            yield f"{name} < 0"
        if value <= 0:
            yield f"{name} <= 0"
        if value == 1:
            yield f"{name} == 1"


def _separates(test: str, outcome: str, examples: Sequence[Example]) -> bool:
    """Return whether the guard contradicts none of the examples."""
    return all(
        _outcome(example) == outcome
        for example in examples
        if any(
            test in set(_tests(name, value))
            for name, value in example.variables.items()
        )
    )
