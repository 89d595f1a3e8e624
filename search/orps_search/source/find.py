"""Where the targets of a text are, also while the text is being typed."""

import ast
import bisect
import difflib
import re
from typing import TypeGuard

from orps_search.source.blocks import indent_width
from orps_search.source.definitions import (
    Definition,
    Named,
    decorator_names,
    named_definitions,
)
from orps_search.source.fault import TargetFault
from orps_search.source.heal import Healed, Hidden, header_colon, heal
from orps_search.source.layout import dedent
from orps_search.source.parse import Parsed, Unparsable, split_lines
from orps_search.source.stubs import is_stub
from orps_search.source.target import Target, TargetKind

_MAX_NAMES = 6
_NAME = re.compile(r"(?:async[\s\\]+)?(?:def|class)[\s\\]+(\w+)")
_COMMENT_ONLY = re.compile(r"\s*#")
_REST_OF_LINE = re.compile(r"[ \t]*;?[ \t]*(?:#[^\r\n]*)?")


def find_targets(text: str) -> tuple[Target, ...]:
    """All that could be asked for, in the order of the text."""
    healed = heal(text)
    if isinstance(healed, Unparsable):
        return ()
    named = named_definitions(healed.parsed.tree).values()
    found = [_target(healed.parsed, definition) for definition in named]
    intact = [target for target in found if _hidden_in(healed, target) is None]
    return tuple(sorted(intact, key=lambda target: target.start))


def find_target(text: str, qualname: str) -> Target | TargetFault:
    healed = heal(text)
    if isinstance(healed, Unparsable):
        return TargetFault(kind="syntaxError", message=f"syntax error on {healed}")
    definitions = named_definitions(healed.parsed.tree)
    if qualname in definitions:
        target = _target(healed.parsed, definitions[qualname])
        hidden = _hidden_in(healed, target)
        return target if hidden is None else _broken(qualname, hidden)
    return _no_target(healed, text, qualname, list(definitions))


def target_at(text: str, offset: int) -> Target | None:
    """The innermost target around an offset; the name line counts as a whole."""
    around = [t for t in find_targets(text) if _reaches(text, t, offset)]
    return max(around, key=lambda target: target.start, default=None)


def body_end(parsed: Parsed, node: Definition) -> int:
    """After the last statement of the body, or a comment that still belongs to it."""
    end = parsed.end(node)
    last = bisect.bisect_right(parsed.starts, end, hi=len(parsed.starts) - 1)
    rest = _REST_OF_LINE.match(parsed.text, end)
    assert rest is not None
    if "#" in rest[0] or ";" in rest[0]:
        end = rest.start() + len(rest[0].rstrip())
    width = indent_width(parsed.line(node.lineno))
    for number in range(last + 1, len(parsed.starts)):
        line = parsed.line(number)
        if not line.strip():
            continue
        if not _COMMENT_ONLY.match(line) or indent_width(line) <= width:
            break
        end = parsed.starts[number - 1] + len(line.rstrip())
    return end


def docstring_node(node: Definition) -> ast.Expr | None:
    first = node.body[0]
    return first if is_prose(first) else None


def is_prose(statement: ast.stmt) -> TypeGuard[ast.Expr]:
    """A string that stands alone, as a docstring does."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case _:
            return False


def header_end(parsed: Parsed, node: Definition) -> int:
    """After the header's colon."""
    colon = header_colon(parsed.shown, node.lineno)
    assert colon is not None, "a header that parses ends with a colon"
    line, column = colon
    return parsed.starts[line - 1] + column


def _target(parsed: Parsed, named: Named) -> Target:
    node = named.node
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    line = parsed.line(first)
    start = parsed.starts[first - 1] + len(line) - len(line.lstrip(" \t\f\ufeff"))
    colon = header_end(parsed, node)
    docstring = docstring_node(node)
    # After `def f(): "doc"` no statement can follow on a line of its own.
    on_own_line = docstring is not None and docstring.lineno > _line_of(parsed, colon)
    end = body_end(parsed, node)
    name_start, name_end = _name_span(parsed, node)
    margin = line[: len(line) - len(line.lstrip(" \t"))]
    return Target(
        qualname=named.qualname,
        kind=_kind(named),
        is_async=isinstance(node, ast.AsyncFunctionDef),
        is_stub=is_stub(node, named.parent),
        start=start,
        name_start=name_start,
        name_end=name_end,
        body_start=parsed.end(docstring) if docstring and on_own_line else colon,
        end=end,
        header=dedent(margin + parsed.text[start:colon]),
        docstring=ast.get_docstring(node, clean=False),
        source=dedent(margin + parsed.text[start:end]),
        parameters=() if isinstance(node, ast.ClassDef) else parameters(node.args),
    )


def parameters(args: ast.arguments) -> tuple[str, ...]:
    """Names in the order of the signature."""
    positional = [arg.arg for arg in (*args.posonlyargs, *args.args)]
    rest = [args.vararg.arg] if args.vararg else []
    keyword = [arg.arg for arg in args.kwonlyargs]
    keywords = [args.kwarg.arg] if args.kwarg else []
    return (*positional, *rest, *keyword, *keywords)


def _kind(named: Named) -> TargetKind:
    if isinstance(named.node, ast.ClassDef):
        return TargetKind.CLASS
    if named.parent is None:
        return TargetKind.FUNCTION
    for name in decorator_names(named.node):
        last = name.rpartition(".")[2]
        if last == "staticmethod":
            return TargetKind.STATICMETHOD
        if last == "classmethod":
            return TargetKind.CLASSMETHOD
        if last.endswith("property"):
            return TargetKind.PROPERTY
    return TargetKind.METHOD


def _name_span(parsed: Parsed, node: Definition) -> tuple[int, int]:
    match = _NAME.match(parsed.text, parsed.start(node))
    assert match is not None, "a definition that parses begins with its name"
    return match.span(1)


def _line_of(parsed: Parsed, offset: int) -> int:
    return bisect.bisect_right(parsed.starts, offset, hi=len(parsed.starts) - 1)


def _reaches(text: str, target: Target, offset: int) -> bool:
    line_start = max(
        text.rfind("\n", 0, target.start), text.rfind("\r", 0, target.start)
    )
    line_end = re.compile(r"[^\r\n]*").match(text, target.end)
    assert line_end is not None
    return line_start < offset <= line_end.end()


def _no_target(
    healed: Healed, text: str, qualname: str, known: list[str]
) -> TargetFault:
    hidden = _hiding(healed, text, qualname)
    if hidden is not None:
        return _broken(qualname, hidden)
    close = difflib.get_close_matches(qualname, known, n=3, cutoff=0.5)
    tail = qualname.rpartition(".")[2]
    close += [n for n in known if n.rpartition(".")[2] == tail and n not in close]
    message = f"no function, method or class `{qualname}`"
    if close:
        message += "; did you mean " + " or ".join(f"`{name}`" for name in close[:3])
    elif known:
        shown = ", ".join(f"`{name}`" for name in known[:_MAX_NAMES])
        message += f"; defined are {shown}" + (
            " ..." if len(known) > _MAX_NAMES else ""
        )
    else:
        message += "; the file defines none"
    return TargetFault(kind="noSuchTarget", message=message)


def _broken(qualname: str, hidden: Hidden) -> TargetFault:
    message = f"`{qualname}` has a syntax error on {hidden.why}"
    return TargetFault(kind="syntaxError", message=message)


def _hidden_in(healed: Healed, target: Target) -> Hidden | None:
    """What had to be left out of the target itself."""
    starts = healed.parsed.starts
    for hidden in healed.hidden:
        if target.start <= starts[hidden.lines.start] < target.end:
            return hidden
    return None


def _hiding(healed: Healed, text: str, qualname: str) -> Hidden | None:
    """The lines that were left out and in which the name seems to be defined."""
    header = re.compile(
        rf"\s*(?:async\s+)?(?:def|class)\s+{re.escape(qualname.rpartition('.')[2])}\b"
    )
    lines = split_lines(text)
    for hidden in healed.hidden:
        if any(header.match(lines[i]) for i in hidden.lines):
            return hidden
    return None
