"""Finds the examples in tests: pytest functions, unittest methods, doctests."""

import ast
import doctest
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from orps_search.deciding_tests import deciding_sources
from orps_search.offline.example import Example
from orps_search.offline.reading.assertions import read_statements
from orps_search.offline.reading.evaluator import Evaluator, Scope
from orps_search.offline.reading.parameters import parameter_sets
from orps_search.offline.reading.subject import Function, Subject, aliases_of
from orps_search.offline.reading.symbols import Unknown
from orps_search.problem import Problem

_MAX_EXAMPLES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What could be understood of a problem's tests."""

    examples: tuple[Example, ...]
    n_not_understood: int
    """Statements about the target that no example was made of."""


def read_examples(problem: Problem, subject: Subject) -> Reading:
    """Read all tests that decide and the docstring; never raises for what they hold."""
    examples: list[Example] = []
    n_not_understood = 0
    for text in [*deciding_sources(problem).values(), _doctest_module(problem)]:
        try:
            module = ast.parse(text)
        except SyntaxError:
            continue
        for found in _read_module(module, subject):
            if isinstance(found, Example):
                examples.append(found)
            else:
                n_not_understood += 1
    unique = _without_repeats(examples)
    return Reading(examples=unique[:_MAX_EXAMPLES], n_not_understood=n_not_understood)


def _without_repeats(examples: Sequence[Example]) -> tuple[Example, ...]:
    return tuple({repr(example): example for example in examples}.values())


def _doctest_module(problem: Problem) -> str:
    """Write a docstring's examples as a test function with assertions."""
    docstring = problem.target.docstring
    if not docstring or ">>>" not in docstring:
        return ""
    try:
        parsed = doctest.DocTestParser().get_examples(docstring)
    except ValueError:
        return ""
    lines = ["def test_docstring():"]
    for example in parsed:
        source, want = example.source.strip(), example.want.strip()
        if example.exc_msg is not None:
            name, _, message = example.exc_msg.strip().partition(": ")
            raised = f"with pytest.raises({name}, match={message!r}):"
            lines += [
                f"    {raised}",
                *(f"        {line}" for line in source.splitlines()),
            ]
        elif want and _is_expression(source) and _is_expression(want):
            lines.append(f"    assert ({source}) == ({want})")
        else:
            lines += [f"    {line}" for line in source.splitlines()]
    return "\n".join(lines)


def _is_expression(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True


def _read_module(module: ast.Module, subject: Subject) -> Iterator[Example | Unknown]:
    scope: Scope = {}
    evaluator = Evaluator(subject=subject, aliases=aliases_of(module), scope=scope)
    # Constants of the module under test, then those of the test module.
    constants = [each for each in subject.module if isinstance(each, ast.Assign)]
    for statement in [*constants, *module.body]:
        match statement:
            case ast.Assign() | ast.AnnAssign():
                yield from read_statements(evaluator, [statement])
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if statement.name.startswith("test"):
                    yield from _read_function(evaluator, module, statement, [])
            case ast.ClassDef():
                yield from _read_class(evaluator, module, statement)
            case ast.Assert() | ast.For():
                yield from read_statements(evaluator, [statement])
            case _:
                pass


_SET_UP: Final = ("setUpClass", "setup_class", "setUp", "setup_method", "asyncSetUp")


def _read_class(
    evaluator: Evaluator, module: ast.Module, definition: ast.ClassDef
) -> Iterator[Example | Unknown]:
    methods = [each for each in definition.body if isinstance(each, Function)]
    named = {method.name: method for method in methods}
    set_up = [named[name].body for name in _SET_UP if name in named]
    before = [statement for body in set_up for statement in body]
    fields = [each for each in definition.body if isinstance(each, ast.Assign)]
    own = evaluator.inside(dict(evaluator.scope))
    for field in fields:
        yield from read_statements(own, [field])
        match field.targets:
            case [ast.Name(id=name)] if name in own.scope:
                own.scope[f"self.{name}"] = own.scope[name]
            case _:
                pass
    for method in methods:
        if method.name.startswith("test"):
            yield from _read_function(own, module, method, before)


def _read_function(
    evaluator: Evaluator,
    module: ast.Module,
    function: Function,
    before: list[ast.stmt],
) -> Iterator[Example | Unknown]:
    try:
        bindings = parameter_sets(evaluator, function)
    except Unknown as unknown:
        yield unknown
        return
    for binding in bindings:
        scope = {**evaluator.scope, **binding}
        own = evaluator.inside(scope)
        _bind_fixtures(own, module, function)
        yield from read_statements(own, [*before, *function.body])


def _bind_fixtures(
    evaluator: Evaluator, module: ast.Module, function: Function
) -> None:
    """Give the function's parameters the values that fixtures of the file return."""
    fixtures = {each.name: each for each in module.body if isinstance(each, Function)}
    for argument in function.args.args:
        name = argument.arg
        fixture = fixtures.get(name)
        if name in evaluator.scope or fixture is None:
            continue
        _bind_fixtures(evaluator, module, fixture)
        inner = evaluator.inside(dict(evaluator.scope))
        for statement in fixture.body:
            match statement:
                case ast.Return(value=value) | ast.Expr(value=ast.Yield(value=value)):
                    if value is not None:
                        _store_or_not(evaluator, inner, name, value)
                    break
                case _:
                    # What a fixture asserts is no example.
                    _ = list(read_statements(inner, [statement]))


def _store_or_not(
    evaluator: Evaluator, inner: Evaluator, name: str, node: ast.expr
) -> None:
    try:
        evaluator.scope[name] = inner.value(node)
    except Unknown as unknown:
        evaluator.scope[name] = unknown
