"""Turns the statements of a test into examples, one statement at a time."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from orps_search.offline.example import Example, Raises, Returns
from orps_search.offline.reading import plain
from orps_search.offline.reading.evaluator import Evaluator
from orps_search.offline.reading.symbols import (
    Approximate,
    Instance,
    TargetCall,
    Unknown,
)
from orps_search.offline.values import Value
from orps_search.source.dotted import dotted

_MAX_ITERATIONS: Final = 60

Found = Example | Unknown


def read_statements(
    evaluator: Evaluator, statements: Sequence[ast.stmt]
) -> Iterator[Found]:
    """Yield the examples; an `Unknown` for each statement that is not understood."""
    for statement in statements:
        try:
            yield from _read(evaluator, statement)
        except Unknown as unknown:
            _forget(evaluator, statement)
            if _is_assertion(statement):
                yield unknown


def _is_assertion(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assert() | ast.With() | ast.AsyncWith() | ast.For():
            return True
        case ast.Expr(value=ast.Call(func=func)):
            return dotted(func).startswith("self.assert")
        case _:
            return False


def _forget(evaluator: Evaluator, statement: ast.stmt) -> None:
    """Names that a statement binds to the unknowable are unknown from here on."""
    match statement:
        case ast.Assign(targets=targets):
            names = [dotted(target) for target in targets]
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            names = [dotted(target)]
        case _:
            names = []
    for name in names:
        evaluator.scope[name] = Unknown()


def _read(evaluator: Evaluator, statement: ast.stmt) -> Iterator[Found]:
    match statement:
        case ast.Assert(test=ast.BoolOp(op=ast.And(), values=tests)):
            for test in tests:
                yield _asserted(evaluator, test)
        case ast.Assert(test=test):
            yield _asserted(evaluator, test)
        case ast.Assign(targets=[target], value=value):
            _assign(evaluator, target, evaluator.value(value))
        case ast.AnnAssign(target=target, value=value) if value is not None:
            _assign(evaluator, target, evaluator.value(value))
        case ast.For(target=target, iter=items, body=body):
            for item in plain.checked(list, evaluator.plain(items))[:_MAX_ITERATIONS]:
                _assign(evaluator, target, item)
                yield from read_statements(evaluator, body)
        case ast.With(items=[item], body=body) | ast.AsyncWith(items=[item], body=body):
            yield from _with(evaluator, item.context_expr, body)
        case ast.Expr(value=ast.Call() as call):
            yield from _called(evaluator, call)
        case _:
            raise Unknown


def _assign(evaluator: Evaluator, target: ast.expr, value: Value) -> None:
    match target:
        case ast.Name() | ast.Attribute():
            evaluator.scope[dotted(target)] = value
        case ast.Tuple(elts=elements) | ast.List(elts=elements) if isinstance(
            value, (list, tuple)
        ):
            if len(elements) != len(value):  # pyright: ignore[reportUnknownArgumentType]
                raise Unknown
            for element, part in zip(elements, value, strict=True):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
                _assign(evaluator, element, part)
        case _:
            raise Unknown


def _asserted(evaluator: Evaluator, test: ast.expr) -> Example:
    match test:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            return _equal(evaluator, left, right)
        case ast.Compare(
            left=ast.Call(
                func=ast.Name(id="abs"), args=[ast.BinOp(op=ast.Sub()) as difference]
            ),
            ops=[ast.Lt() | ast.LtE()],
            comparators=[tolerance],
        ):
            return _equal(
                evaluator,
                difference.left,
                difference.right,
                tolerance=evaluator.plain(tolerance),
            )
        case ast.Compare(ops=[ast.IsNot()], left=left, comparators=[right]):
            if evaluator.plain(right) is not None:
                raise Unknown
            return _example(evaluator.value(left), True, view="bool")
        case ast.Call(func=func, args=[left, right, *_]) if (
            dotted(func) == "math.isclose"
        ):
            return _equal(evaluator, left, right, tolerance=1e-6)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _example(evaluator.value(operand), False, view="bool")
        case _:
            return _example(evaluator.value(test), True, view="bool")


def _equal(
    evaluator: Evaluator, left: ast.expr, right: ast.expr, *, tolerance: float = 0.0
) -> Example:
    first, second = evaluator.value(left), evaluator.value(right)
    if isinstance(second, TargetCall):
        first, second = second, first
    if isinstance(second, (TargetCall, Instance)):
        raise Unknown
    return _example(first, second, tolerance=tolerance)


def _example(
    call: Value, expected: Value, *, view: str = "", tolerance: float = 0.0
) -> Example:
    if not isinstance(call, TargetCall):
        raise Unknown
    if isinstance(expected, Approximate):
        expected, tolerance = expected.value, expected.tolerance
    if call.digits is not None:
        tolerance = 0.5 * 10.0**-call.digits
    views = (*call.views, view) if view else call.views
    return Example(
        variables=call.variables,
        expectation=Returns(value=expected, views=views, tolerance=tolerance),
    )


def _with(
    evaluator: Evaluator, context: ast.expr, body: list[ast.stmt]
) -> Iterator[Found]:
    match context:
        case ast.Call(func=func, args=[expected, *_], keywords=keywords):
            name = dotted(func)
        case ast.Call(func=func):
            name, expected, keywords = dotted(func), None, []
        case _:
            raise Unknown
    if name.endswith("subTest"):
        yield from read_statements(evaluator, body)
        return
    wanted = ("raises", "assertRaises", "assertRaisesRegex")
    if expected is None or not name.endswith(wanted):
        raise Unknown
    message = _message(context, keywords)
    *before, last = body
    yield from read_statements(evaluator, before)
    match last:
        case ast.Expr(value=value) | ast.Assign(value=value):
            yield _raised(evaluator, value, expected, message)
        case _:
            raise Unknown


def _message(context: ast.Call, keywords: list[ast.keyword]) -> str:
    """Return the expected words, where the pattern is no more than words."""
    patterns = [each.value for each in keywords if each.arg == "match"]
    if dotted(context.func).endswith("Regex"):
        patterns += context.args[1:2]
    match patterns:
        case [ast.Constant(value=str(pattern))]:
            plain_parts = re.sub(r"\\\W", "", pattern)
            is_plain = not set("*+?[](){}|^$\\") & set(plain_parts)
            return re.sub(r"\\(\W)", r"\1", pattern) if is_plain else ""
        case _:
            return ""


def _raised(
    evaluator: Evaluator, node: ast.expr, expected: ast.expr, message: str
) -> Example:
    call = evaluator.value(node)
    exception = dotted(expected).rpartition(".")[2]
    if not isinstance(call, TargetCall) or not exception:
        raise Unknown
    return Example(
        variables=call.variables,
        expectation=Raises(exception=exception, message=message),
    )


def _called(evaluator: Evaluator, call: ast.Call) -> Iterator[Found]:
    name = dotted(call.func)
    if name.startswith("self.assert"):
        kind = _UNITTEST.get(name.removeprefix("self."))
        if kind is None:
            raise Unknown
        yield kind(evaluator, call)
        return
    # A call for its effect: the object is not what it was.
    if isinstance(evaluator.value(call), TargetCall):
        for value in evaluator.scope.values():
            if isinstance(value, Instance):
                value.is_known = False


def _assert_equal(evaluator: Evaluator, call: ast.Call) -> Example:
    match call.args:
        case [left, right] | [left, right, _]:
            return _equal(evaluator, left, right)
        case _:
            raise Unknown


def _assert_close(evaluator: Evaluator, call: ast.Call) -> Example:
    named = {each.arg: evaluator.plain(each.value) for each in call.keywords}
    left, right, *given = call.args
    places = evaluator.plain(given[0]) if given else None
    digits = places if places is not None else named.get("places", 7)
    tolerance = named.get("delta") or 0.5 * 10.0**-digits
    return _equal(evaluator, left, right, tolerance=tolerance)


def _assert_is(expected: Value) -> "Reader":
    def read(evaluator: Evaluator, call: ast.Call) -> Example:
        if expected is None:
            return _example(evaluator.value(call.args[0]), None)
        return _example(evaluator.value(call.args[0]), expected, view="bool")

    return read


def _assert_raises(evaluator: Evaluator, call: ast.Call) -> Example:
    match call.args:
        case [expected, function, *arguments]:
            inner = ast.Call(func=function, args=arguments, keywords=call.keywords)
            return _raised(evaluator, inner, expected, "")
        case _:
            raise Unknown


Reader = Callable[[Evaluator, ast.Call], Example]

_UNITTEST: Final[dict[str, Reader]] = {
    "assertEqual": _assert_equal,
    "assertListEqual": _assert_equal,
    "assertTupleEqual": _assert_equal,
    "assertDictEqual": _assert_equal,
    "assertSetEqual": _assert_equal,
    "assertIs": _assert_equal,
    "assertAlmostEqual": _assert_close,
    "assertTrue": _assert_is(True),
    "assertFalse": _assert_is(False),
    "assertIsNone": _assert_is(None),
    "assertIsNotNone": _assert_is(True),
    "assertRaises": _assert_raises,
}
