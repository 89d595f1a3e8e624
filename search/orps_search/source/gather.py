"""What a reply's body needs of the rest of its reply.

Only the target's body may change, so helpers of a function (functions, classes,
constants that the module lacks) are nested at its start. They are built anew on
each call: the price of an edit that touches nothing else.
"""

import ast
from dataclasses import dataclass

from orps_search.source.definitions import Definition, bound_by, flat_statements
from orps_search.source.forgotten import forgotten
from orps_search.source.layout import reindent
from orps_search.source.names import Import, ModuleNames, free_names
from orps_search.source.parse import Parsed
from orps_search.source.reply import Reply

MARGIN = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    helpers: tuple[str, ...]
    """Statements at column 0, in the reply's order."""
    imports: tuple[Import, ...]
    """To be added to the module."""
    local_imports: tuple[Import, ...]
    """Their names mean something else in the module: to be added to the body."""


def gather(reply: Reply, needed: set[str], module: ModuleNames, own: str) -> Gathered:
    """Follow names from the body through the reply; `own` is the target's."""
    helpers, names = _helpers(reply, needed, module, own)
    wanted: list[Import] = []
    local: list[Import] = []
    for found in dict.fromkeys(reply.imports):
        if found.name not in names or _has(module, found):
            continue
        if any(other.name == found.name for other in module.imports) and (
            found.attribute is not None or found.is_alias
        ):
            local.append(found)
        elif found.name not in module.defined and found.name != own:
            wanted.append(found)
    known = {found.name for found in reply.imports} | {own}
    known |= {name for statement in helpers for name in _binds(statement)}
    unknown = {name for name in names - known if not module.binds(name)}
    stars = [found for found in reply.imports if found.name == "*"]
    if unknown and stars:
        wanted += [found for found in stars if found not in module.imports]
    elif not module.has_star:
        wanted += forgotten(unknown - module.stubs, reply.parsed.tree)
    return Gathered(
        helpers=tuple(_helper_text(reply.parsed, statement) for statement in helpers),
        imports=tuple(wanted),
        local_imports=tuple(local),
    )


def segment(parsed: Parsed, statement: ast.stmt) -> str:
    """A statement's text with its decorators, its first line without margin."""
    start = parsed.start(statement)
    if isinstance(statement, Definition):
        # The `@` itself belongs to no node.
        starts = [parsed.start(d) for d in statement.decorator_list]
        start = min([start, *(parsed.text.rindex("@", 0, at) for at in starts)])
    return parsed.text[start : parsed.end(statement)]


def _helper_text(parsed: Parsed, statement: ast.stmt) -> str:
    gap = "\n" if isinstance(statement, Definition) else ""
    return segment(parsed, statement) + gap


def _helpers(
    reply: Reply, needed: set[str], module: ModuleNames, own: str
) -> tuple[list[ast.stmt], set[str]]:
    """The statements that are needed, and all names that they and the body need."""
    chosen: set[int] = set()
    names: set[str] = set()
    pending = set(needed)
    while pending:
        name = pending.pop()
        names.add(name)
        if name == own or module.binds(name):
            continue
        for index, statement in enumerate(reply.others):
            if index in chosen or name not in _touches(statement):
                continue
            chosen.add(index)
            lines = segment(reply.parsed, statement)
            free = free_names(reindent(lines, margin=MARGIN, unit=MARGIN))
            pending |= (free | _touches(statement)) - names
    return [reply.others[index] for index in sorted(chosen)], names


def _has(module: ModuleNames, wanted: Import) -> bool:
    if wanted in module.imports:
        return True
    if wanted.attribute is not None or wanted.is_alias:
        return False
    # `import a.b` also makes `a` and all that is between usable.
    return any(
        f"{found.module}.".startswith(f"{wanted.module}.")
        for found in module.imports
        if found.attribute is None and not found.is_alias
    )


def _binds(statement: ast.stmt) -> set[str]:
    return {
        name
        for inner in flat_statements([statement])
        if not isinstance(inner, ast.Import | ast.ImportFrom)
        for name in bound_by(inner)
    }


def _touches(statement: ast.stmt) -> set[str]:
    """Names that a statement binds, or whose values it changes in place."""
    names = _binds(statement)
    if isinstance(statement, Definition):
        return names
    for node in ast.walk(statement):
        match node:
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                names.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                names.add(name)
            case _:
                pass
    return names
