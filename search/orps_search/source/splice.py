"""A candidate's code, in whatever shape it came, at its place in the module.

The header and the docstring are the person's and stay. What a reply brings besides
the body is either needed by the body, and then added, or left out.
"""

import ast
import warnings
from dataclasses import dataclass

from orps_search.source.body import body_edit, new_body
from orps_search.source.definitions import Function, named_definitions
from orps_search.source.edits import Edit, apply_edits
from orps_search.source.fault import TargetFault
from orps_search.source.find import find_target
from orps_search.source.gather import gather
from orps_search.source.heal import heal, runnable_text
from orps_search.source.imports import import_edit
from orps_search.source.names import Import, module_names
from orps_search.source.parse import Parsed, Unparsable
from orps_search.source.reply import Reply, read_reply
from orps_search.source.splice_class import class_edits
from orps_search.source.target import Target

__all__ = ["Edit", "Misplacement", "Placement", "apply_edits", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    code: str
    """The imports that it adds, then the whole definition, dedented, LF: what is
    shown, and what `place` takes back."""
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Misplacement:
    """The code has no place here."""

    reason: str


def place(text: str, target: Target, code: str) -> Placement | Misplacement:
    """Put `code` in place of the target's body.

    `code` may be the whole function, only its body, its class or a whole module.
    The edits touch the body of the target, the end of the leading imports and,
    for a class, the lines before and at the end of it.
    """
    healed = heal(text)
    if isinstance(healed, Unparsable):
        return Misplacement(reason=f"the file has a syntax error on {healed}")
    named = named_definitions(healed.parsed.tree).get(target.qualname)
    if named is None:
        return Misplacement(reason=f"`{target.qualname}` is no longer in the file")
    reply = read_reply(code, target)
    if isinstance(reply, str):
        return Misplacement(reason=reply)
    mine, theirs = named.node, reply.definition
    try:
        if isinstance(mine, Function) and isinstance(theirs, Function):
            planned = _function_edits(healed.parsed, target, mine, reply, theirs)
        else:
            assert isinstance(mine, ast.ClassDef)
            assert isinstance(theirs, ast.ClassDef)
            planned = class_edits(healed.parsed, mine, reply, theirs)
    except SyntaxError as error:
        return Misplacement(reason=f"the reply does not compile: {error.msg}")
    if isinstance(planned, str):
        return Misplacement(reason=planned)
    edits, imports, before = planned
    return _checked(text, target, tuple(edits), imports, before)


def _function_edits(
    parsed: Parsed, target: Target, mine: Function, reply: Reply, theirs: Function
) -> tuple[list[Edit], tuple[Import, ...], str] | str:
    body = new_body(mine, target.kind, reply.parsed, theirs)
    if isinstance(body, str):
        return body
    own = target.qualname.partition(".")[0]
    found = gather(reply, set(body.needed), module_names(parsed.tree), own)
    local = [str(wanted) for wanted in found.local_imports]
    parts = [body.docstring, *local, *found.helpers, body.suite]
    suite = "\n".join(part for part in parts if part)
    edits = [body_edit(parsed, mine, suite)]
    added = import_edit(parsed, found.imports)
    return ([added, *edits] if added else edits), found.imports, ""


def _checked(
    text: str,
    target: Target,
    edits: tuple[Edit, ...],
    imports: tuple[Import, ...],
    before: str,
) -> Placement | Misplacement:
    """Refuse an edit after which the file would not compile or lose the target."""
    edited = apply_edits(text, edits)
    found = find_target(edited, target.qualname)
    if isinstance(found, TargetFault):
        return Misplacement(reason=f"in its place it breaks the file: {found.message}")
    runnable = runnable_text(edited, found)
    if isinstance(runnable, TargetFault):
        return Misplacement(
            reason=f"in its place it breaks the file: {runnable.message}"
        )
    refusal = _compile(runnable)
    if refusal is not None:
        return Misplacement(reason=f"in its place it does not compile: {refusal}")
    if found.header != target.header or found.docstring != target.docstring is not None:
        return Misplacement(reason="it would change the signature or the docstring")
    head = "\n".join(dict.fromkeys(str(wanted) for wanted in imports))
    parts = [part for part in (head, before, found.source) if part]
    return Placement(code="\n\n\n".join(parts) + "\n", edits=edits)


def _compile(text: str) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(
                text.removeprefix("\ufeff"), "<candidate>", "exec", dont_inherit=True
            )
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return str(error)
    return None
