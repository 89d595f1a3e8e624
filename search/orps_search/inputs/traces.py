"""From the statements of one test to expressions whose values show what the code did.

What a test asserts about is what is worth observing, in the form in which the test
compares it: of `assert set(f(x)) == {1}` the value `set(f(x))`, since order does not
matter to whoever wrote that. Values that tests expect play no part.

A function without state gives one expression for each call. Objects, and arguments
that are changed in place, give one expression for the whole line of statements; names
are bound in it by `:=` inside a lambda, so that nothing leaks into the module.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orps_search.inputs.meanings import Meanings
from orps_search.inputs.tests import Run, is_literal
from orps_search.source.dotted import dotted

_MAX_STEPS = 30
_MAX_TURNS = 12
"""Of a loop."""
_CLOSE = ("isclose", "allclose", "array_equal", "assert_allclose", "assert_array_equal")
_UNWRAPPED = ("len", "isinstance", "all", "any", "approx", "bool")
"""What a test asks of a result that says less than the result itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One value; bound to a name if later steps need it."""

    value: ast.expr
    name: str | None = None
    is_shown: bool = True


def traces(run: Run, root: str, *, is_stateless: bool) -> Iterator[ast.expr]:
    """Expressions about `root`, the first part of the target's qualified name."""
    tracer = _Tracer(run.meanings.inside(), root, is_stateless=is_stateless)
    tracer.changed = _changed_names(run.statements)
    tracer.follow(run.statements)
    steps = _needed(tracer.steps)
    if any(step.name or not step.is_shown for step in steps):
        yield from _joined(steps)
    else:
        yield from (step.value for step in steps)


class _Tracer:
    """Follows straight lines, and stops where it does not understand."""

    def __init__(self, meanings: Meanings, root: str, *, is_stateless: bool) -> None:
        self._meanings = meanings
        self._relevant = {root}
        self._is_stateless = is_stateless
        self._unknown: set[str] = set()
        """What the test defines itself, and no expression can."""
        self.changed: frozenset[str] = frozenset()
        self.steps: list[Step] = []

    def follow(self, statements: Sequence[ast.stmt]) -> bool:
        """Whether the end was reached."""
        return all(
            len(self.steps) < _MAX_STEPS and self._take(statement)
            for statement in statements
        )

    def _take(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Assert(test=test):
                self._show(test)
            case ast.Expr(value=value):
                self._evaluated(value)
            case ast.Assign(targets=[target], value=value):
                return self._assign(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                return self._assign(target, value)
            case ast.For() | ast.With() | ast.AsyncWith():
                return self._block(statement)
            case ast.Import() | ast.ImportFrom():
                self._meanings.know_imports([statement])
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                self._unknown.add(name)
            case _:
                return isinstance(statement, ast.Pass)
        return True

    def _evaluated(self, value: ast.expr) -> None:
        match value:
            case ast.Constant():
                pass
            case ast.Call() as call:
                self._called(call, call)
            case ast.Await(value=ast.Call() as call):
                self._called(value, call)
            case _:
                self._show(value)

    def _block(self, statement: ast.For | ast.With | ast.AsyncWith) -> bool:
        match statement:
            case ast.For(target=target, iter=items, body=body):
                return self._loop(target, items, body)
            case (
                ast.With(items=[item], body=body)
                | ast.AsyncWith(items=[item], body=body)
            ):
                return self._with(item.context_expr, body)
            case _:
                return False

    def _assign(self, target: ast.expr, value: ast.expr) -> bool:
        match target:
            case ast.Name() | ast.Attribute(value=ast.Name(id="self" | "cls")):
                self._bind(dotted(target), value)
            case ast.Tuple(elts=elements) if isinstance(value, ast.Tuple):
                if len(elements) != len(value.elts):
                    return False
                return all(map(self._assign, elements, value.elts))
            case ast.Tuple(elts=elements):
                whole = "_".join(["all", *(dotted(each) for each in elements)])
                self._bind(whole, value)
                for idx, each in enumerate(elements):
                    place = ast.Constant(value=idx)
                    part = ast.Subscript(
                        value=self._meanings.resolved(_name(whole)),
                        slice=place,
                        ctx=ast.Load(),
                    )
                    self._meanings.put(dotted(each), part)
            case ast.Attribute(value=owner, attr=name):
                self._change("setattr", owner, ast.Constant(value=name), value)
            case ast.Subscript(value=owner, slice=place) if not isinstance(
                place, ast.Slice
            ):
                setter = ast.Attribute(value=owner, attr="__setitem__", ctx=ast.Load())
                self._change(setter, place, value)
            case _:
                return False
        return True

    def _change(self, function: ast.expr | str, *arguments: ast.expr) -> None:
        called = _name(function) if isinstance(function, str) else function
        change = ast.Call(func=called, args=list(arguments), keywords=[])
        resolved = self._meanings.resolved(change)
        self.steps.append(Step(value=resolved, is_shown=False))

    def _bind(self, name: str, value: ast.expr) -> None:
        resolved = self._meanings.resolved(value)
        is_about = self._is_about(resolved)
        is_call = is_about and self._is_stateless
        may_change = name in self.changed and not isinstance(resolved, ast.Constant)
        if not may_change and (is_literal(resolved) or is_call):
            if is_call:
                self.steps.append(Step(value=resolved))
            self._meanings.put(name, resolved)
            return
        variable = name.replace(".", "_")
        if is_about:
            self._relevant.add(variable)
        self._meanings.put(name, _name(variable))
        is_shown = is_about and not _is_construction(resolved)
        self.steps.append(Step(value=resolved, name=variable, is_shown=is_shown))

    def _loop(self, target: ast.expr, items: ast.expr, body: list[ast.stmt]) -> bool:
        resolved = self._meanings.resolved(items)
        if not isinstance(resolved, ast.List | ast.Tuple):
            return False
        return all(
            self._assign(target, item) and self.follow(body)
            for item in resolved.elts[:_MAX_TURNS]
        )

    def _with(self, context: ast.expr, body: list[ast.stmt]) -> bool:
        name = dotted(context.func) if isinstance(context, ast.Call) else ""
        if name.endswith("subTest"):
            return self.follow(body)
        self.follow(body)
        # What raised ends the line: nothing after it would be evaluated.
        return self._is_stateless and name.endswith(("raises", "assertRaises"))

    def _called(self, whole: ast.expr, call: ast.Call) -> None:
        name = dotted(call.func)
        if name.rpartition(".")[2].lower().startswith("assert"):
            match call.args:
                case [_, ast.expr() as function, *arguments] if "aises" in name:
                    called = ast.Call(
                        func=function, args=arguments, keywords=call.keywords
                    )
                    self._show(called)
                case arguments:
                    for argument in arguments[:2]:
                        self._show(argument)
            return
        if name.rpartition(".")[2] in _CLOSE:
            self._show(call)
            return
        resolved = self._meanings.resolved(whole)
        if self._is_about(resolved):
            self.steps.append(Step(value=resolved))
            # It may have changed what it was given: that is worth a look.
            self._relevant.update(dotted(each) for each in call.args)

    def _show(self, node: ast.expr) -> None:
        for part in _compared(node):
            resolved = self._meanings.resolved(part)
            if self._is_about(resolved):
                self.steps.append(Step(value=resolved))

    def _is_about(self, node: ast.expr) -> bool:
        names = set(_names(node))
        return bool(names & self._relevant) and not names & self._unknown


def _compared(node: ast.expr) -> Iterator[ast.expr]:
    """The values of which an assertion says something."""
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                yield from _compared(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _compared(operand)
        case ast.Compare(left=left, comparators=others):
            for side in (left, *others):
                yield from _compared(side)
        case ast.Call(func=ast.Name(id="abs"), args=[ast.BinOp(op=ast.Sub()) as minus]):
            yield from _compared(minus.left)
            yield from _compared(minus.right)
        case ast.Call(func=func, args=[first, *rest]) if (
            dotted(func).rpartition(".")[2] in _CLOSE
        ):
            for each in (first, *rest[:1]):
                yield from _compared(each)
        case ast.Call(func=func, args=[first, *_]) if (
            dotted(func).rpartition(".")[2] in _UNWRAPPED
        ):
            yield from _compared(first)
        case _:
            yield node


def _changed_names(statements: Sequence[ast.stmt]) -> frozenset[str]:
    """Names whose values a statement may change in place."""
    changed: set[str] = set()
    for node in (node for each in statements for node in ast.walk(each)):
        match node:
            case ast.Expr(value=ast.Call(func=func, args=arguments)):
                changed.update(dotted(each) for each in arguments)
                if isinstance(func, ast.Attribute):
                    changed.add(dotted(func.value))
            case ast.Assign(
                targets=[ast.Subscript(value=value) | ast.Attribute(value=value)]
            ):
                changed.add(dotted(value))
            case _:
                pass
    return frozenset(changed - {""})


def _needed(steps: Sequence[Step]) -> list[Step]:
    """Without what nothing refers to; a name that is used once is put in place."""
    kept: list[Step] = []
    wanted: set[str] = set()
    for step in reversed(steps):
        if step.name is None or step.name in wanted or step.is_shown:
            wanted.update(_names(step.value))
            kept.append(step)
    kept.reverse()
    match kept:
        case [
            Step(name=str(name), is_shown=False) as first,
            Step(name=None) as last,
        ] if list(_names(last.value)).count(name) == 1:
            only = Meanings("")
            only.put(name, first.value)
            return [Step(value=only.resolved(last.value))]
        case _:
            return kept


def _joined(steps: Sequence[Step]) -> Iterator[ast.expr]:
    if not any(step.is_shown for step in steps):
        return
    elements: list[ast.expr] = []
    for step in steps:
        element = step.value
        if step.name is not None:
            target = ast.Name(id=step.name, ctx=ast.Store())
            element = ast.NamedExpr(target=target, value=step.value)
        elements.append(element if step.is_shown else _hidden(element))
    body = ast.List(elts=elements, ctx=ast.Load())
    yield ast.Call(
        func=ast.Lambda(args=_NO_PARAMETERS, body=body), args=[], keywords=[]
    )


def _hidden(bound: ast.expr) -> ast.expr:
    """Evaluated in its place of a list, but not an element of it."""
    tail = ast.Slice(lower=ast.Constant(value=1))
    nothing = ast.Subscript(
        value=ast.List(elts=[bound], ctx=ast.Load()), slice=tail, ctx=ast.Load()
    )
    return ast.Starred(value=nothing, ctx=ast.Load())


_NO_PARAMETERS = ast.arguments(
    posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]
)


def _is_construction(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and dotted(node.func).rpartition(".")[2][:1].isupper()
    )


def _names(node: ast.expr) -> Iterator[str]:
    return (each.id for each in ast.walk(node) if isinstance(each, ast.Name))


def _name(name: str) -> ast.expr:
    return ast.Name(id=name, ctx=ast.Load())
