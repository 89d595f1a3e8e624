"""Where the project calls the target already: how it is meant to be used."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from orps_search.source.gather import segment
from orps_search.source.layout import dedent, margin_of, to_lf
from orps_search.source.parse import Parsed, parse
from orps_server.discovery.project_tree import ProjectTree
from orps_server.surroundings.piece import Piece

WEIGHT = 2
_MAX_CALLS = 3
_MAX_FILES = 500
_MAX_CHARACTERS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    enclosing: str
    statement: ast.stmt


def calls(
    files: ProjectTree, qualname: str, *, leave_out: frozenset[str]
) -> tuple[Piece, ...]:
    """A few statements that call something of that name.

    Names decide, not types: a wrong hint is harmless, a missing one costs more.
    """
    name = qualname.rpartition(".")[2]
    return tuple(islice(_found(files, name, leave_out), _MAX_CALLS))


def _found(files: ProjectTree, name: str, leave_out: frozenset[str]) -> Iterator[Piece]:
    for path in files.find(("*.py",))[:_MAX_FILES]:
        if path in leave_out:
            continue
        text = files.read(path)
        if f"{name}(" not in text:
            continue
        parsed = parse(text)
        if not isinstance(parsed, Parsed):
            continue
        for call in _calls_in(parsed.tree.body, name, ""):
            shown = _shown(parsed, call.statement)
            if len(shown) <= _MAX_CHARACTERS:
                where = f"  # in {call.enclosing}()" if call.enclosing else ""
                yield Piece(
                    path=path,
                    name=f"{call.enclosing}@{call.statement.lineno}",
                    text=shown + where,
                    weight=WEIGHT,
                )


def _calls_in(body: list[ast.stmt], name: str, enclosing: str) -> Iterator[_Call]:
    for statement in body:
        inner = _blocks(statement)
        if inner:
            own = getattr(statement, "name", None)
            around = ".".join(part for part in (enclosing, own) if part)
            for block in inner:
                yield from _calls_in(block, name, around)
        elif any(_is_call(node, name) for node in ast.walk(statement)):
            yield _Call(enclosing=enclosing, statement=statement)


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    fields = ("body", "orelse", "finalbody")
    blocks = [getattr(statement, field, None) for field in fields]
    handlers = [handler.body for handler in getattr(statement, "handlers", ())]
    return [block for block in (*blocks, *handlers) if block]


def _is_call(node: ast.AST, name: str) -> bool:
    if not isinstance(node, ast.Call):
        return False
    match node.func:
        case ast.Name(id=called) | ast.Attribute(attr=called):
            return called == name
        case _:
            return False


def _shown(parsed: Parsed, statement: ast.stmt) -> str:
    margin = margin_of(parsed.line(statement.lineno))
    return dedent(margin + to_lf(segment(parsed, statement)), margin=margin)
