"""What the target's module and its tests use of the project, resolved by jedi.

Jedi reads and infers. It is kept away from the project's interpreter, which it would
otherwise start to learn its `sys.path`; what else it does is why it runs in a process of
its own (`reader.py`).
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol, cast

import jedi

from orps_search.source.definitions import named_definitions
from orps_search.source.heal import Healed, heal
from orps_search.source.parse import Parsed
from orps_server.discovery.project_tree import ProjectTree
from orps_server.surroundings.module import outline
from orps_server.surroundings.piece import Piece

_MAX_USES = 80
_MAX_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A name in a text that something of the project may stand behind."""

    name: str
    line: int
    """From 1."""
    column: int
    """In code points."""
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A definition that was found: a file of the project, relative, and a line."""

    path: str
    line: int


def uses(parsed: Parsed, *, span: tuple[int, int], weight: int) -> Iterator[Use]:
    """Names read in lines `span` (both included), each once, in order."""
    seen: set[str] = set()
    for node in ast.walk(parsed.tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                pass
            case _:
                continue
        if name in seen or not span[0] <= node.lineno <= span[1]:
            continue
        end = parsed.end(node)
        line = node.end_lineno or node.lineno
        seen.add(name)
        yield Use(
            name=name,
            line=line,
            column=end - len(name) - parsed.starts[line - 1],
            weight=weight,
        )


def imports(parsed: Parsed, *, weight: int) -> Iterator[Use]:
    """What the module imports by name: its author meant it to be used."""
    for statement in parsed.tree.body:
        if not isinstance(statement, ast.ImportFrom):
            continue
        for alias in statement.names:
            if alias.name != "*":
                yield Use(
                    name=alias.name,
                    line=alias.lineno,
                    column=len(
                        parsed.line(alias.lineno)
                        .encode()[: alias.col_offset]
                        .decode(errors="replace")
                    ),
                    weight=weight,
                )


def resolved(
    files: ProjectTree,
    path: str,
    text: str,
    found: Iterable[Use],
    *,
    leave_out: frozenset[str],
) -> Iterator[Piece]:
    """The definitions behind the uses, as far as they lie in other files of ours."""
    script = _script(files.root, path, text)
    for use in islice(found, _MAX_USES):
        place = _place(script, files.root, use)
        if place is not None and place.path not in leave_out:
            piece = _piece(files, place, use.weight)
            if piece is not None:
                yield piece


class _Name(Protocol):
    module_path: Path | None
    line: int | None


class _Script(Protocol):
    def goto(self, line: int, column: int, *, follow_imports: bool) -> list[_Name]: ...


def _script(root: Path, path: str, text: str) -> _Script:
    project = jedi.Project(root, sys_path=[str(root), str(root / "src")])
    script = jedi.Script(
        code=text,
        path=root / path,
        project=project,
        environment=jedi.InterpreterEnvironment(),
    )
    return cast("_Script", script)


def _place(script: _Script, root: Path, use: Use) -> Place | None:
    try:
        names = script.goto(use.line, use.column, follow_imports=True)
    except Exception:  # noqa: BLE001  (a guess that fails inside jedi is no guess)
        return None
    for name in names:
        path = name.module_path
        if path is None or name.line is None or not path.is_relative_to(root):
            continue
        relative = path.relative_to(root)
        if "site-packages" not in relative.parts:
            return Place(path=relative.as_posix(), line=name.line)
    return None


def _piece(files: ProjectTree, place: Place, weight: int) -> Piece | None:
    healed = heal(files.read(place.path))
    if not isinstance(healed, Healed):
        return None
    parsed = healed.parsed
    statement = _enclosing(parsed, place.line)
    if statement is None:
        return None
    text = outline(parsed, statement)
    if not text or len(text) > _MAX_CHARACTERS:
        return None
    name = getattr(statement, "name", None) or f"@{statement.lineno}"
    return Piece(path=place.path, name=name, text=text, weight=weight)


def _enclosing(parsed: Parsed, line: int) -> ast.stmt | None:
    """The top-level statement there; a method's is its class."""
    for statement in parsed.tree.body:
        first = min(
            [statement.lineno]
            + [d.lineno for d in getattr(statement, "decorator_list", ())]
        )
        if first <= line <= (statement.end_lineno or first):
            return statement
    return None


def span_of(parsed: Parsed, qualname: str) -> tuple[int, int] | None:
    """The lines of a definition, decorators included."""
    named = named_definitions(parsed.tree).get(qualname)
    if named is None:
        return None
    node = named.node
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return first, node.end_lineno or node.lineno
