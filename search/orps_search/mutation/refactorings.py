"""Changes that keep behavior: what a good critic has to leave alone.

Each is made only where the syntax shows that it is safe; where that would need to
know what a name holds, nothing is changed. Truth values are asked for as often and in
the same order as before.
"""

import ast
import textwrap
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from typing import Final

from orps_search.mutation.edits import Edit, Source, tagged
from orps_search.mutation.operator import Operator

_ENDS: Final = ast.Return | ast.Raise | ast.Continue | ast.Break
_PLAIN: Final = ast.Name | ast.Constant
_BINDS: Final = (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)
_WEIGHT: Final = 9


def refactoring_edits(source: Source) -> Iterator[Edit]:
    """Yield the refactorings that are safe here."""
    if any(_reads_its_names(node) for node in ast.walk(source.function)):
        return
    for node in source.body_nodes():
        yield from tagged(Operator.EXTRACT_VARIABLE, _extracted(source, node))
        yield from tagged(Operator.DE_MORGAN, _de_morgan(source, node))
        yield from tagged(Operator.EARLY_RETURN, _early(source, node))
        yield from tagged(Operator.COMPREHENSION_TO_LOOP, _unrolled(source, node))
    for block in _blocks(source):
        yield from tagged(Operator.LOOP_TO_COMPREHENSION, _rolled(source, block))


def _reads_its_names(node: ast.AST) -> bool:
    """Whether more or fewer local names could make a difference."""
    match node:
        case ast.Global() | ast.Nonlocal():
            return True
        case ast.Name(id="locals" | "vars" | "dir" | "exec" | "eval"):
            return True
        case _:
            return False


def _extracted(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Name a value before it is returned or asked for its truth."""
    match node:
        case ast.Return(value=value) if value is not None:
            name = _fresh(source, "result")
        case ast.If(test=value) if source.segment(node).startswith("if"):
            name = _fresh(source, "condition")
        case _:
            return
    indent = source.indent(node)
    if indent is None or isinstance(value, _PLAIN) or _binds(value):
        return
    text = source.segment(value)
    wrapped = f"({text})" if _needs_parentheses(value, text) else text
    start, end = source.span(node)[0], source.span(value)[1]
    before = source.text[start : source.span(value)[0]]
    if before.strip(" (") not in {"return", "if"}:
        return
    yield Edit(
        start=start,
        end=end,
        replacement=f"{name} = {wrapped}\n{indent}{before}{name}",
        weight=_WEIGHT,
        what=f"`{name}` for `{text.splitlines()[0]}`",
    )


def _de_morgan(source: Source, node: ast.AST) -> Iterator[Edit]:
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=ast.BoolOp() as joined):
            yield source.fitting(node, _negated(source, joined), _WEIGHT)
        case (
            ast.If(test=ast.BoolOp() as joined)
            | ast.While(test=ast.BoolOp() as joined)
            | ast.IfExp(test=ast.BoolOp() as joined)
        ):
            text = f"not ({_negated(source, joined)})"
            yield source.replacing(joined, text, _WEIGHT)
        case _:
            pass


def _negated(source: Source, joined: ast.BoolOp) -> str:
    word = " or " if isinstance(joined.op, ast.And) else " and "
    return word.join(f"not ({source.segment(value)})" for value in joined.values)


def _early(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Leave as soon as the result is known, without an `else`."""
    match node:
        case ast.If(body=[*_, last], orelse=[first, *_]) if isinstance(last, _ENDS):
            yield from _without_else(source, node, last, first)
        case ast.Return(value=ast.IfExp(test=test, body=body, orelse=orelse)):
            indent = source.indent(node)
            if indent is None or "\n" in source.segment(node):
                return
            text = (
                f"if {source.segment(test)}:\n{indent}    return {source.segment(body)}"
                f"\n{indent}return {source.segment(orelse)}"
            )
            yield source.replacing(node, text, _WEIGHT)
        case _:
            pass


def _without_else(
    source: Source, node: ast.If, last: ast.stmt, first: ast.stmt
) -> Iterator[Edit]:
    start, end = source.span(last)[1], source.span(node)[1]
    gap = source.text[start : source.span(first)[0]]
    indent = source.indent(node)
    if indent is None or not source.segment(node).startswith("if"):
        return
    if source.text[source.span(first)[0] :].startswith("elif"):
        at = source.span(first)[0]
        yield Edit(
            start=at,
            end=at + len("elif"),
            replacement="if",
            weight=_WEIGHT,
            what="`elif` to `if`",
        )
    elif gap.strip() == "else:" and (inner := source.indent(first)) is not None:
        block = inner + source.text[source.span(first)[0] : end]
        if _has_long_string(node.orelse):
            return
        yield Edit(
            start=start,
            end=end,
            replacement="\n" + textwrap.indent(textwrap.dedent(block), indent),
            weight=_WEIGHT,
            what="no `else` after a way out",
        )


def _unrolled(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Write a list comprehension as a loop."""
    match node:
        case (
            ast.Return(value=ast.ListComp(generators=[generator]) as listed)
            | ast.Assign(
                targets=[ast.Name()],
                value=ast.ListComp(generators=[generator]) as listed,
            )
        ) if not generator.is_async and not _binds(listed):
            pass
        case _:
            return
    indent = source.indent(node)
    targets = _names(generator.target)
    if indent is None or targets & _names_outside(source, listed):
        return
    name = _fresh(source, "collected")
    lines = [f"{name} = []"]
    lines.append(
        f"for {_text(source, generator.target)} in {_text(source, generator.iter)}:"
    )
    inner = "    "
    for test in generator.ifs:
        lines.append(f"{inner}if {_text(source, test)}:")
        inner += "    "
    lines.append(f"{inner}{name}.append({source.segment(listed.elt)})")
    before = source.text[source.span(node)[0] : source.span(listed)[0]]
    lines.append(f"{before}{name}")
    if "\n" in before or "(" in before:
        return
    yield source.replacing(node, f"\n{indent}".join(lines), _WEIGHT, "a loop")


def _blocks(source: Source) -> Iterator[Sequence[ast.stmt]]:
    """Yield the blocks outside of `try`, whose handlers may see what is half done."""
    pending: list[Sequence[ast.stmt]] = [source.statements()]
    while pending:
        block = pending.pop()
        yield block
        for node in block:
            if isinstance(node, ast.If | ast.For | ast.While):
                pending += [each for each in (node.body, node.orelse) if each]


def _rolled(source: Source, block: Sequence[ast.stmt]) -> Iterator[Edit]:
    """Write a loop that only appends as a comprehension."""
    for first, loop in pairwise(block):
        match first, loop:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])),
                ast.For(body=[only], orelse=[]),
            ):
                yield from _listed(source, first, loop, name, only)
            case _:
                pass


def _listed(
    source: Source, first: ast.stmt, loop: ast.For, name: str, only: ast.stmt
) -> Iterator[Edit]:
    tests: list[ast.expr] = []
    while isinstance(only, ast.If) and len(only.body) == 1 and not only.orelse:
        tests.append(only.test)
        only = only.body[0]
    match only:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=appended), attr="append"),
                args=[element],
                keywords=[],
            )
        ) if appended == name and not isinstance(element, ast.Starred):
            pass
        case _:
            return
    parts = [loop.iter, element, *tests]
    own = set[str]().union(*[_names(part) for part in parts])
    targets = _names(loop.target)
    if (
        name in own | targets
        or not isinstance(loop.target, ast.Name | ast.Tuple)
        or targets & _names_outside(source, loop)
        or any(_binds(part) for part in parts)
    ):
        return
    conditions = "".join(f" if {_text(source, test)}" for test in tests)
    text = (
        f"{name} = [{_text(source, element)} for {_text(source, loop.target)}"
        f" in {_text(source, loop.iter)}{conditions}]"
    )
    start, end = source.span(first)[0], source.span(loop)[1]
    what = f"a comprehension for `{name}`"
    yield Edit(start=start, end=end, replacement=text, weight=_WEIGHT, what=what)


def _text(source: Source, node: ast.expr) -> str:
    text = source.segment(node)
    return f"({text})" if _needs_parentheses(node, text) else text


def _needs_parentheses(node: ast.expr, text: str) -> bool:
    loose = isinstance(node, ast.IfExp | ast.Lambda | ast.NamedExpr | ast.Tuple)
    bare_tuple = isinstance(node, ast.Tuple) and not text.startswith("(")
    return "\n" in text or (loose and not isinstance(node, ast.Tuple)) or bare_tuple


def _binds(node: ast.expr) -> bool:
    return any(isinstance(each, _BINDS) for each in ast.walk(node))


def _has_long_string(body: Sequence[ast.stmt]) -> bool:
    """Whether a text runs over several lines, which no dedenting may touch."""
    return any(
        isinstance(node, ast.Constant | ast.JoinedStr)
        and node.lineno != node.end_lineno
        for statement in body
        for node in ast.walk(statement)
    )


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _names_outside(source: Source, inner: ast.AST) -> set[str]:
    """Return the names that the function uses anywhere but below a node."""
    below = {id(each) for each in ast.walk(inner)}
    names = {
        each.id
        for each in ast.walk(source.function)
        if isinstance(each, ast.Name) and id(each) not in below
    }
    return names | {
        each.arg for each in ast.walk(source.function) if isinstance(each, ast.arg)
    }


def _fresh(source: Source, name: str) -> str:
    """Return a name that the module does not mention."""
    names = (name if number == 1 else f"{name}_{number}" for number in count(1))
    return next(each for each in names if each not in source.text)
