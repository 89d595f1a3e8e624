"""What a docstring says that a call gives, as expressions that should be true; pure.

Tests judge by running such examples word for word, where they can pass so at all. Most
are prose: `double(2) -> 4`, or a doctest whose output no program prints. Compared as
values they are evidence all the same, below the tests: a docstring may be out of date.
"""

import ast
import doctest
import re
from collections.abc import Iterator

from orps_search.inputs.tests import is_literal
from orps_search.problem import Problem
from orps_search.source.target import TargetKind

MAX_CHECKS = 8
_ARROW = re.compile(r"\s*(?:->|=>|==|→|⇒|➞|# ?=>|returns?\b)\s*`?")
_MAX_CHARACTERS = 300


def example_checks(problem: Problem) -> tuple[str, ...]:
    """One expression for each example of the target's docstring; each once."""
    target = problem.target
    if target.kind is not TargetKind.FUNCTION or not target.docstring:
        return ()
    pairs = (*_doctests(target.docstring), *_prose(target.docstring, target.qualname))
    checks = dict.fromkeys(
        f"({ast.unparse(call)}) == {ast.unparse(value)}"
        for call, value in pairs
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == target.qualname
        and _is_plain(call)
        and is_literal(value)
    )
    return tuple(checks)[:MAX_CHECKS]


def _doctests(docstring: str) -> Iterator[tuple[ast.expr, ast.expr]]:
    try:
        examples = doctest.DocTestParser().get_examples(docstring)
    except ValueError:
        return
    for example in examples:
        call, value = _expression(example.source), _expression(example.want)
        if call is not None and value is not None:
            yield call, value


def _prose(docstring: str, name: str) -> Iterator[tuple[ast.expr, ast.expr]]:
    for line in docstring.splitlines():
        for match in re.finditer(rf"\b{re.escape(name)}\(", line):
            found = _said(line[match.start() : match.start() + _MAX_CHARACTERS])
            if found is not None:
                yield found


def _said(text: str) -> tuple[ast.expr, ast.expr] | None:
    """The call that a text begins with, and the literal that it is said to give."""
    for close in re.finditer(r"\)", text):
        call = _expression(text[: close.end()])
        if call is None:
            continue
        arrow = _ARROW.match(text, close.end())
        value = _longest_literal(text[arrow.end() :]) if arrow else None
        return None if value is None else (call, value)
    return None


def _longest_literal(text: str) -> ast.expr | None:
    """What a text begins with; words and full stops may follow it."""
    ends = [match.start() for match in re.finditer(r"[\s`.,;#)]|$", text)]
    for end in reversed(ends):
        value = _expression(text[:end])
        if value is not None and is_literal(value):
            return value
    return None


def _is_plain(call: ast.Call) -> bool:
    """Nothing but literals goes in, so that the call means the same anywhere."""
    given = [*call.args, *(each.value for each in call.keywords)]
    return bool(given) and all(is_literal(each) for each in given)


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
