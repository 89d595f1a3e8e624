"""One body in the place of another."""

import ast
import re
from dataclasses import dataclass

from orps_search.source.adapt import AsBody, adapt
from orps_search.source.definitions import Definition, Function
from orps_search.source.edits import Edit
from orps_search.source.find import body_end, docstring_node, header_end
from orps_search.source.gather import MARGIN, segment
from orps_search.source.layout import line_ending, margin_of, reindent
from orps_search.source.names import free_names
from orps_search.source.parse import Parsed
from orps_search.source.reply import BARE_BODY, suite_of
from orps_search.source.stubs import is_empty
from orps_search.source.target import TargetKind

_COMMENT = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBody:
    """A suite at column 0 that fits the person's header."""

    docstring: str
    """The reply's, where the target has none of its own."""
    suite: str
    needed: frozenset[str]
    """Names that it takes from outside."""


def new_body(
    mine: Function, kind: TargetKind, parsed: Parsed, theirs: Function
) -> NewBody | str:
    """Fit the reply's function to the header of `mine`; a string says why not."""
    if is_empty(theirs.body):
        return "the reply leaves the body empty"
    docstring = docstring_node(theirs)
    prose = ""
    if docstring is not None and docstring_node(mine) is None:
        prose = _docstring_text(parsed, theirs, docstring)
    way = AsBody() if theirs.name == BARE_BODY else adapt(mine, theirs, kind)
    if isinstance(way, str):
        return way
    if isinstance(way, AsBody):
        suite = suite_of(parsed, theirs, docstring=False)
        suite = f"{way.prelude}\n{suite}" if way.prelude else suite
    else:
        suite = f"{segment(parsed, theirs)}\n{way.call}"
        prose = ""
    try:
        lines = reindent(suite, margin=MARGIN, unit=MARGIN)
        needed = free_names(lines, _parameter_names(mine))
    except SyntaxError as error:
        return f"the reply's body cannot stand in `{mine.name}`: {error.msg}"
    return NewBody(docstring=prose, suite=suite, needed=frozenset(needed))


def body_edit(parsed: Parsed, node: Definition, suite: str) -> Edit:
    """Replace the body of `node`, below its docstring, by a suite at column 0."""
    eol = line_ending(parsed.text)
    start = header_end(parsed, node)
    docstring = docstring_node(node)
    if docstring is not None and docstring.lineno == _line_of_header_end(parsed, node):
        # Nothing can follow `def f(): "doc"`, so its docstring moves down, too.
        suite = (
            f"{parsed.text[parsed.start(docstring) : parsed.end(docstring)]}\n{suite}"
        )
    elif docstring is not None:
        start = parsed.end(docstring)
    comment = _COMMENT.match(parsed.text, start)
    if comment is not None:
        start = comment.start() + len(comment[0].rstrip())
    unit = indent_unit(parsed)
    lines = reindent(suite, margin=_body_margin(parsed, node, unit), unit=unit)
    end = max(start, body_end(parsed, node))
    return Edit(start=start, end=end, text=eol + eol.join(lines))


def indent_unit(parsed: Parsed) -> str:
    """What the document indents by, as far as it shows."""
    margins: list[str] = []
    for node in ast.walk(parsed.tree):
        if not isinstance(node, Definition):
            continue
        outer = margin_of(parsed.line(node.lineno))
        inner = margin_of(parsed.line(node.body[0].lineno))
        if len(inner) > len(outer) and inner.startswith(outer):
            return inner[len(outer) :]
        margins += [outer] if outer else []
    return min(margins, key=len, default="    ")


def _body_margin(parsed: Parsed, node: Definition, unit: str) -> str:
    first = node.body[0]
    if first.lineno > _line_of_header_end(parsed, node):
        return margin_of(parsed.line(first.lineno))
    return margin_of(parsed.line(node.lineno)) + unit


def _line_of_header_end(parsed: Parsed, node: Definition) -> int:
    colon = header_end(parsed, node)
    return max(n for n, start in enumerate(parsed.starts, 1) if start < colon)


def _docstring_text(parsed: Parsed, node: Function, docstring: ast.Expr) -> str:
    """The reply's docstring at column 0; its lines move where they can."""
    whole = suite_of(parsed, node, docstring=True)
    below = suite_of(parsed, node, docstring=False)
    if not below or not whole.endswith(below):
        return parsed.text[parsed.start(docstring) : parsed.end(docstring)]
    return whole[: len(whole) - len(below)].rstrip()


def _parameter_names(node: Function) -> list[str]:
    args = node.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    every += [arg for arg in (args.vararg, args.kwarg) if arg is not None]
    return [arg.arg for arg in every]
