"""The runs that a test file describes: straight lines of statements, with meanings.

pytest functions with their parameter sets and fixtures, unittest methods with their
`setUp`, module-level statements, and the examples of docstrings.
"""

import ast
import doctest
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from orps_search.inputs.meanings import Meanings
from orps_search.source.dotted import dotted

Function = ast.FunctionDef | ast.AsyncFunctionDef

_SET_UP = ("setUpClass", "setup_class", "setUp", "setup_method", "asyncSetUp")
_MAX_SETS = 40
"""Of the parameters of one test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of one test."""

    statements: tuple[ast.stmt, ...]
    meanings: Meanings


def runs_of(text: str, module_path: str) -> Iterator[Run]:
    """Every run of a test file; none where it does not parse."""
    module = _parsed(text)
    meanings = Meanings(module_path)
    imports = (node for node in ast.walk(module) if isinstance(node, ast.stmt))
    meanings.know_imports(imports)
    loose: list[ast.stmt] = []
    for statement in module.body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if statement.name.startswith("test"):
                    yield from _function_runs(module.body, statement, (), meanings)
            case ast.ClassDef():
                yield from _class_runs(module.body, statement, meanings)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if is_literal(
                value
            ):
                meanings.put(name, value)
            case ast.Import() | ast.ImportFrom():
                pass
            case _:
                loose.append(statement)
    if loose:
        yield Run(statements=tuple(loose), meanings=meanings.inside())


def doctest_runs(text: str, module_path: str) -> Iterator[Run]:
    """One run for each docstring with examples."""
    for node in ast.walk(_parsed(text)):
        if not isinstance(node, (*_DOCUMENTED,)):
            continue
        examples = _examples(ast.get_docstring(node) or "")
        if examples:
            statements = tuple(_parsed(examples).body)
            meanings = Meanings(module_path)
            meanings.know_imports(statements)
            yield Run(statements=statements, meanings=meanings)


def is_literal(node: ast.expr) -> bool:
    """Displays of constants, whatever they are nested in."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


_DOCUMENTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def _examples(docstring: str) -> str:
    try:
        found = doctest.DocTestParser().get_examples(docstring)
    except ValueError:
        return ""
    return "".join(example.source for example in found)


def _class_runs(
    module: Sequence[ast.stmt], definition: ast.ClassDef, meanings: Meanings
) -> Iterator[Run]:
    methods = [each for each in definition.body if isinstance(each, Function)]
    named = {method.name: method for method in methods}
    before = [line for name in _SET_UP if name in named for line in named[name].body]
    own = meanings.inside()
    for statement in definition.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                own.put(f"self.{name}", own.resolved(value))
            case _:
                pass
    for method in methods:
        if method.name.startswith("test"):
            yield from _function_runs(module, method, before, own)


def _function_runs(
    module: Sequence[ast.stmt],
    function: Function,
    before: Sequence[ast.stmt],
    meanings: Meanings,
) -> Iterator[Run]:
    set_up = _fixture_statements(module, function)
    for bound in islice(_parameter_sets(function, meanings), _MAX_SETS):
        own = meanings.inside()
        for name, value in bound.items():
            own.put(name, value)
        statements = (*before, *set_up, *function.body)
        yield Run(statements=statements, meanings=own)


def _fixture_statements(
    module: Sequence[ast.stmt], function: Function
) -> tuple[ast.stmt, ...]:
    """What fixtures of the file do, with an assignment to the parameter's name."""
    fixtures = {each.name: each for each in module if isinstance(each, Function)}
    statements: list[ast.stmt] = []
    for argument in function.args.args:
        fixture = fixtures.get(argument.arg)
        if fixture is None or fixture is function:
            continue
        for statement in fixture.body:
            match statement:
                case ast.Return(value=value) | ast.Expr(value=ast.Yield(value=value)):
                    if value is not None:
                        name = ast.Name(id=argument.arg, ctx=ast.Store())
                        statements.append(ast.Assign(targets=[name], value=value))
                    break
                case _:
                    statements.append(statement)
    return tuple(statements)


def _parameter_sets(
    function: Function, meanings: Meanings
) -> Iterator[dict[str, ast.expr]]:
    axes = [
        list(_axis(meanings.resolved(names), meanings.resolved(rows)))
        for decorator in function.decorator_list
        for names, rows in _parametrized(decorator)
    ]
    for chosen in product(*axes):
        yield {name: value for bound in chosen for name, value in bound.items()}


def _parametrized(decorator: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    match decorator:
        case ast.Call(func=func, args=[names, rows, *_]) if dotted(func).endswith(
            "parametrize"
        ):
            yield names, rows
        case _:
            pass


def _axis(names: ast.expr, rows: ast.expr) -> Iterator[dict[str, ast.expr]]:
    match names:
        case ast.Constant(value=str(text)):
            keys = [name.strip() for name in text.split(",")]
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            keys = [str(ast.literal_eval(each)) for each in elements]
        case _:
            return
    for row in rows.elts if isinstance(rows, ast.List | ast.Tuple) else ():
        cells = _cells(row, len(keys))
        if len(cells) == len(keys):
            yield dict(zip(keys, cells, strict=True))


def _cells(row: ast.expr, n_keys: int) -> list[ast.expr]:
    match row:
        case ast.Call(args=arguments) if "param" in ast.unparse(row.func):
            return arguments
        case ast.Tuple(elts=elements) | ast.List(elts=elements) if n_keys > 1:
            return elements
        case _:
            return [row]
