"""A whole class as the target: its stubs are filled, what it lacks is added.

Members that are written stay as they are, unless none is a stub: then all that
the reply offers are replaced. Helpers of the reply stand before the class, since
a class has no body in which its methods could see them.
"""

import ast
from collections.abc import Iterable

from orps_search.source.body import NewBody, body_edit, new_body
from orps_search.source.definitions import Definition, Function, members
from orps_search.source.edits import Edit
from orps_search.source.find import body_end
from orps_search.source.gather import MARGIN, gather, segment
from orps_search.source.imports import import_edit
from orps_search.source.layout import dedent, line_ending, margin_of, reindent
from orps_search.source.names import Import, free_names, module_names
from orps_search.source.parse import Parsed
from orps_search.source.reply import Reply
from orps_search.source.stubs import is_empty, is_stub
from orps_search.source.target import TargetKind


def class_edits(
    parsed: Parsed, mine: ast.ClassDef, reply: Reply, theirs: ast.ClassDef
) -> tuple[list[Edit], tuple[Import, ...], str] | str:
    """The edits, the imports among them, and the helpers before the class."""
    bodies = _bodies(mine, reply.parsed, theirs)
    if isinstance(bodies, str):
        return bodies
    owned = members(mine)
    lacking = _distinct(s for name, s in members(theirs).items() if name not in owned)
    if not bodies and not lacking and not _offers_any(mine, theirs):
        return f"the reply fills nothing in `{mine.name}`"
    added = [_member_text(reply.parsed, statement) for statement in lacking]
    needed = {name for _, body in bodies for name in body.needed}
    for text in added:
        needed |= free_names(reindent(text, margin=MARGIN, unit=MARGIN))
    found = gather(reply, needed, module_names(parsed.tree), mine.name)
    edits = [body_edit(parsed, node, _suite(body)) for node, body in bodies]
    edits = _with_members(parsed, mine, added, edits)
    # A name that means something else here cannot be made local to a class.
    head = "\n\n\n".join(
        [
            *(str(i) for i in found.local_imports),
            *(text.rstrip() for text in found.helpers),
        ]
    )
    if head:
        edits.append(_before(parsed, mine, head))
    imported = import_edit(parsed, found.imports)
    return ([imported, *edits] if imported else edits), found.imports, head


def _bodies(
    mine: ast.ClassDef, parsed: Parsed, theirs: ast.ClassDef
) -> list[tuple[Function, NewBody]] | str:
    offered = members(theirs)
    functions = {n: s for n, s in members(mine).items() if isinstance(s, Function)}
    stubs = {name for name, node in functions.items() if is_stub(node, mine)}
    found: list[tuple[Function, NewBody]] = []
    refusals: list[str] = []
    for name, node in functions.items():
        offer = offered.get(name)
        if (stubs and name not in stubs) or not isinstance(offer, Function):
            continue
        if is_empty(offer.body) or ast.dump(offer) == ast.dump(node):
            continue
        body = new_body(node, _kind_of(node), parsed, offer)
        if isinstance(body, str):
            refusals.append(body)
        else:
            found.append((node, body))
    if not found and stubs:
        return refusals[0] if refusals else "the reply leaves the body empty"
    return found


def _offers_any(mine: ast.ClassDef, theirs: ast.ClassDef) -> bool:
    """Whether they share a method: a class that is given back as it is changes none."""
    shared = members(mine).keys() & members(theirs).keys()
    return any(isinstance(members(theirs)[name], Function) for name in shared)


def _kind_of(node: Function) -> TargetKind:
    """Enough of the kind to compare signatures: is the first one given?"""
    names = {ast.unparse(decorator) for decorator in node.decorator_list}
    return TargetKind.STATICMETHOD if "staticmethod" in names else TargetKind.METHOD


def _suite(body: NewBody) -> str:
    return f"{body.docstring}\n{body.suite}" if body.docstring else body.suite


def _distinct(statements: Iterable[ast.stmt]) -> list[ast.stmt]:
    found: dict[int, ast.stmt] = {id(statement): statement for statement in statements}
    return sorted(found.values(), key=lambda statement: statement.lineno)


def _member_text(parsed: Parsed, statement: ast.stmt) -> str:
    margin = margin_of(parsed.line(statement.lineno))
    return dedent(margin + segment(parsed, statement))


def _with_members(
    parsed: Parsed, mine: ast.ClassDef, added: list[str], edits: list[Edit]
) -> list[Edit]:
    if not added:
        return edits
    suite = "\n\n".join(added)
    if is_empty(mine.body):
        return [*edits, body_edit(parsed, mine, suite)]
    eol = line_ending(parsed.text)
    last = mine.body[-1]
    margin = margin_of(parsed.line(last.lineno))
    unit = margin.removeprefix(margin_of(parsed.line(mine.lineno))) or "    "
    lines = reindent(suite, margin=margin, unit=unit)
    end = body_end(parsed, mine)
    text = eol * 2 + eol.join(lines)
    # The last member's own edit may end where the class does.
    touching = [edit for edit in edits if edit.end == end]
    for edit in touching:
        edits.remove(edit)
        return [*edits, Edit(start=edit.start, end=end, text=edit.text + text)]
    return [*edits, Edit(start=end, end=end, text=text)]


def _before(parsed: Parsed, mine: ast.ClassDef, head: str) -> Edit:
    """An insertion before the top-level statement that holds the class."""
    top = next(s for s in parsed.tree.body if any(n is mine for n in ast.walk(s)))
    decorators = top.decorator_list if isinstance(top, Definition) else []
    line = min([top.lineno, *(decorator.lineno for decorator in decorators)])
    eol = line_ending(parsed.text)
    at = parsed.starts[line - 1]
    return Edit(start=at, end=at, text=head.replace("\n", eol) + eol * 3)
