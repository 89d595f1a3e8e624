"""A reply's code: what it defines, under which shape it came."""

import ast
import re
import textwrap
from dataclasses import dataclass

from orps_search.source.definitions import (
    Definition,
    Function,
    Named,
    bound_by,
    flat_statements,
    named_definitions,
)
from orps_search.source.find import (
    body_end,
    header_end,
    is_prose,
    parameters,
)
from orps_search.source.heal import Healed, heal
from orps_search.source.layout import dedent, margin_of, reindent, to_lf
from orps_search.source.names import Import, imports_of
from orps_search.source.parse import Parsed, Unparsable, parse
from orps_search.source.target import Target, TargetKind

BARE_BODY = "_orps_body"
"""The name under which a reply that is only a body is read."""

_REST_OF_LINE = re.compile(r"[ \t]*;?[ \t]*(?:(?:#[^\n]*)?\n)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    parsed: Parsed
    definition: Definition
    """The target's counterpart."""
    imports: tuple[Import, ...]
    """All that the reply imports at its top level."""
    others: tuple[ast.stmt, ...]
    """What else stands at its top level, in order: possible helpers."""

    @property
    def is_bare_body(self) -> bool:
        return self.definition.name == BARE_BODY


def read_reply(code: str, target: Target) -> Reply | str:
    """Find the target's counterpart; a string says why there is none."""
    parsed = _parse(to_lf(code))
    if isinstance(parsed, Unparsable):
        return f"the reply is not Python: {parsed}"
    named = named_definitions(parsed.tree)
    definition = _counterpart(named, target)
    if definition is None:
        wrapped = _wrap_members(parsed, target) or _call_method(parsed, target)
        if wrapped is not None:
            parsed = wrapped
            definition = _counterpart(named_definitions(parsed.tree), target)
    if definition is None and target.kind is not TargetKind.CLASS:
        if _is_body(parsed.tree):
            wrapped = _wrap(parsed)
            if wrapped is not None:
                parsed = wrapped
                definition = named_definitions(parsed.tree)[BARE_BODY].node
        else:
            definition = _only_function(parsed.tree, target)
    if definition is None:
        refused = parse(to_lf(code))
        if isinstance(refused, Unparsable):
            return f"the reply is not Python: {refused}"
        return f"the reply does not define `{target.qualname}`"
    return Reply(
        parsed=parsed,
        definition=definition,
        imports=tuple(
            found for s in flat_statements(parsed.tree.body) for found in imports_of(s)
        ),
        others=tuple(
            s for s in parsed.tree.body if _may_help(s) and not _holds(s, definition)
        ),
    )


def suite_of(parsed: Parsed, node: Definition, *, docstring: bool) -> str:
    """The body's text at column 0, with its comments; with its docstring if asked.

    Models repeat the docstring that they were given, some of them twice in a row.
    """
    start, end = header_end(parsed, node), body_end(parsed, node)
    body = node.body
    while body and not docstring and is_prose(body[0]):
        start, body = parsed.end(body[0]), body[1:]
    if not body:
        return ""
    # A comment behind the header or the docstring is no part of the suite.
    rest = _REST_OF_LINE.match(parsed.text, start)
    assert rest is not None
    lines = parsed.text[rest.end() : end].split("\n")
    margin = margin_of(parsed.line(body[0].lineno))
    if not rest[0].endswith("\n"):
        lines[0] = margin + lines[0]
    while lines and not lines[0].strip():
        lines = lines[1:]
    return dedent("\n".join(lines), margin=margin)


def _parse(code: str) -> Parsed | Unparsable:
    """Try the code as it is, then as a body that has lost its header or margin."""
    refused = parse(code)
    if isinstance(refused, Parsed):
        return refused
    # Text that has been through a web page has spaces that Python does not know.
    variants = [textwrap.dedent(code), textwrap.dedent(code.replace("\u00a0", " "))]
    lines = code.strip("\n").split("\n")
    header = f"def {BARE_BODY}():\n"
    variants.append(header + "\n".join(lines))
    later = [margin_of(line) for line in lines[1:] if line.strip()]
    if later and not margin_of(lines[0]):
        # A fence that was trimmed took the first line's margin along.
        variants.append(header + "\n".join([later[0] + lines[0], *lines[1:]]))
        variants.append(
            header + "\n".join([min(later, key=len) + lines[0], *lines[1:]])
        )
    for variant in variants:
        parsed = parse(variant)
        if isinstance(parsed, Parsed):
            return parsed
    # A reply that was cut off, or goes on in prose, may still hold it whole.
    healed = heal(to_lf(code))
    return healed.parsed if isinstance(healed, Healed) and healed.hidden else refused


def _counterpart(named: dict[str, Named], target: Target) -> Definition | None:
    is_class = target.kind is TargetKind.CLASS
    tail = target.qualname.rpartition(".")[2]
    candidates = [target.qualname, tail]
    if "." in target.qualname:
        candidates[1:1] = [name for name in named if name.endswith(f".{tail}")]
    for name in [*candidates, BARE_BODY]:
        if name in named and isinstance(named[name].node, ast.ClassDef) == is_class:
            return named[name].node
    return None


def _is_body(tree: ast.Module) -> bool:
    """Statements that make sense only in a function, or no definitions at all."""
    statements = list(flat_statements(tree.body))
    if any(isinstance(s, Function | ast.ClassDef) for s in statements):
        return any(
            isinstance(s, ast.Return)
            or (
                isinstance(s, ast.Expr)
                and isinstance(s.value, ast.Yield | ast.YieldFrom)
            )
            for s in statements
        )
    return any(not isinstance(s, ast.Import | ast.ImportFrom) for s in statements)


def _wrap(parsed: Parsed) -> Parsed | None:
    """Give a bare body a header; its leading imports stay in front of it."""
    start = 0
    for statement in parsed.tree.body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            break
        assert statement.end_lineno is not None
        start = parsed.starts[statement.end_lineno]
    suite = reindent(parsed.text[start:].rstrip(), margin="    ", unit="    ")
    head = parsed.text[:start]
    wrapped = parse("\n".join([f"{head}def {BARE_BODY}():", *suite, ""]))
    return wrapped if isinstance(wrapped, Parsed) else None


def _wrap_members(parsed: Parsed, target: Target) -> Parsed | None:
    """Give methods that came without their class one; imports stay in front."""
    methods = [
        statement
        for statement in parsed.tree.body
        if isinstance(statement, Function)
        and parameters(statement.args)[:1] == ("self",)
    ]
    if target.kind is not TargetKind.CLASS or not methods:
        return None
    first = methods[0]
    at = parsed.starts[
        min([first.lineno, *(d.lineno for d in first.decorator_list)]) - 1
    ]
    suite = reindent(parsed.text[at:].rstrip(), margin="    ", unit="    ")
    name = target.qualname.rpartition(".")[2]
    wrapped = parse("\n".join([f"{parsed.text[:at]}class {name}:", *suite, ""]))
    return wrapped if isinstance(wrapped, Parsed) else None


def _call_method(parsed: Parsed, target: Target) -> Parsed | None:
    """Forward to a method of the name: some models put a class around a function."""
    methods = [
        (owner.name, method)
        for owner in parsed.tree.body
        if isinstance(owner, ast.ClassDef)
        for method in owner.body
        if isinstance(method, Function) and method.name == target.qualname
    ]
    if target.kind is not TargetKind.FUNCTION or len(methods) != 1:
        return None
    [(owner_name, method)] = methods
    is_async = isinstance(method, ast.AsyncFunctionDef)
    given = ", ".join(target.parameters)
    forward = f"{'async ' if is_async else ''}def {target.qualname}({given}):"
    call = f"{'await ' if is_async else ''}{owner_name}().{target.qualname}({given})"
    wrapped = parse(f"{parsed.text.rstrip()}\n\n\n{forward}\n    return {call}\n")
    return wrapped if isinstance(wrapped, Parsed) else None


def _only_function(tree: ast.Module, target: Target) -> Definition | None:
    """The one function of a reply that named it otherwise."""
    functions = [s for s in tree.body if isinstance(s, Function)]
    if target.kind is not TargetKind.FUNCTION or len(functions) != 1:
        return None
    return functions[0]


def _may_help(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Assert():
            return False
        case ast.If(test=test) if "__name__" in ast.dump(test):
            return False
        case _:
            return any(bound_by(s) for s in flat_statements([statement])) or isinstance(
                statement, ast.Expr | ast.For | ast.While
            )


def _holds(statement: ast.stmt, definition: Definition) -> bool:
    return any(node is definition for node in ast.walk(statement))
