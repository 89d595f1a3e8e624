"""The definitions of a module that can be named, as the parser sees them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef

_NOT_GETTERS = ("setter", "deleter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A definition and where it stands."""

    qualname: str
    node: Definition
    parent: ast.ClassDef | None


def named_definitions(tree: ast.Module) -> dict[str, Named]:
    """Every function, class and member by its qualified name.

    As at run time the last definition of a name wins, with two exceptions: what
    `@overload` announces and the setter of a property hide nothing.
    """
    found: dict[str, Named] = {}
    for named in _walk(tree.body, "", None):
        known = named.qualname in found
        if known and (is_overload(named.node) or accessor(named.node)):
            continue
        if known and isinstance(found[named.qualname].node, ast.ClassDef):
            prefix = named.qualname + "."
            found = {n: d for n, d in found.items() if not n.startswith(prefix)}
        found[named.qualname] = named
    return found


def members(node: ast.ClassDef) -> dict[str, ast.stmt]:
    """The statements of a class by what they define; `x.setter` beside `x`."""
    found: dict[str, ast.stmt] = {}
    for statement in flat_statements(node.body):
        for name in bound_by(statement):
            if isinstance(statement, Function) and is_overload(statement):
                found.setdefault(name, statement)
            else:
                found[name] = statement
    return found


def bound_by(statement: ast.stmt) -> list[str]:
    """The names that a statement of a class or module body binds."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            role = accessor(statement)
            return [f"{statement.name}.{role}" if role else statement.name]
        case ast.ClassDef():
            return [statement.name]
        case ast.Import() | ast.ImportFrom():
            return [(a.asname or a.name).partition(".")[0] for a in statement.names]
        case ast.Global() | ast.Nonlocal():
            return []
        case _:
            return _stored_names(statement)


def flat_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run when the body runs, without those of new scopes."""
    for statement in body:
        yield statement
        for block in _blocks(statement):
            yield from flat_statements(block)


def decorator_names(node: Definition) -> list[str]:
    """Dotted names of the decorators, calls stripped: `app.route`."""
    return [_dotted(decorator) for decorator in node.decorator_list]


def is_overload(node: Definition) -> bool:
    return any(n.rpartition(".")[2] == "overload" for n in decorator_names(node))


def accessor(node: Definition) -> str | None:
    """`setter` or `deleter` for the part of a property that is no getter."""
    for name in decorator_names(node):
        if name.startswith(f"{node.name}.") and name.endswith(_NOT_GETTERS):
            return name.rpartition(".")[2]
    return None


def base_names(node: ast.ClassDef) -> list[str]:
    """Last parts of the names of the bases: `Protocol` for `t.Protocol[T]`."""
    return [_dotted(base).rpartition(".")[2] for base in node.bases]


def _dotted(expression: ast.expr) -> str:
    match expression:
        case ast.Name():
            return expression.id
        case ast.Attribute():
            return f"{_dotted(expression.value)}.{expression.attr}"
        case ast.Call():
            return _dotted(expression.func)
        case ast.Subscript():
            return _dotted(expression.value)
        case _:
            return ""


def _stored_names(statement: ast.stmt) -> list[str]:
    names: list[str] = []
    pending: list[ast.AST] = [statement]
    inner = [id(s) for block in _blocks(statement) for s in block]
    while pending:
        node = pending.pop()
        if id(node) in inner or isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
        if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            names += [node.name] if node.name else []
        pending += ast.iter_child_nodes(node)
    return names


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    match statement:
        case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
            return [statement.body, statement.orelse]
        case ast.With() | ast.AsyncWith():
            return [statement.body]
        case ast.Try() | ast.TryStar():
            handlers = [handler.body for handler in statement.handlers]
            return [statement.body, *handlers, statement.orelse, statement.finalbody]
        case ast.Match():
            return [case.body for case in statement.cases]
        case _:
            return []


def _walk(
    body: list[ast.stmt], prefix: str, parent: ast.ClassDef | None
) -> Iterator[Named]:
    for statement in flat_statements(body):
        if not isinstance(statement, Definition):
            continue
        qualname = prefix + statement.name
        yield Named(qualname=qualname, node=statement, parent=parent)
        if isinstance(statement, ast.ClassDef):
            yield from _walk(statement.body, f"{qualname}.", statement)
