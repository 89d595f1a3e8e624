"""Indentation: taking it off, putting it on, and leaving strings alone."""

import bisect
import io
import re
import tokenize
from dataclasses import dataclass

_MARGIN = re.compile(r"[ \t\f]*")
_MULTILINE = re.compile(r"\"{3}|'{3}|\\$")
_TAB_WIDTH = 8


def to_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def line_ending(text: str) -> str:
    """The ending that most lines of a document have."""
    n_crlf = text.count("\r\n")
    return "\r\n" if n_crlf * 2 > text.count("\n") else "\n"


def margin_of(line: str) -> str:
    """The indentation; Python starts counting anew after a form feed."""
    match = _MARGIN.match(line)
    assert match is not None
    return match[0].rpartition("\f")[2]


def dedent(text: str, *, margin: str | None = None) -> str:
    """Take a margin, or the first line's, off every line that lies in no string.

    Docstrings follow their definition where all of their lines allow it: it is how
    they are read. Line ends become LF.
    """
    lines = to_lf(text).split("\n")
    margin = margin_of(lines[0]) if margin is None else margin
    if not margin:
        return "\n".join(lines)
    fixed = _string_lines(lines)
    return "\n".join(
        line if number in fixed else _without(line, margin)
        for number, line in enumerate(lines)
    )


def reindent(code: str, *, margin: str, unit: str) -> list[str]:
    """Lines of a parsable suite at column 0, moved to `margin`, in steps of `unit`.

    Only the first line of a logical line is moved by steps; the ones that continue
    it keep their distance from it, and lines inside strings are not touched.
    """
    lines = to_lf(code).split("\n")
    fixed = _string_lines(lines)
    levels = _levels(lines)
    moved: list[str] = []
    old, new = "", margin
    for number, line in enumerate(lines):
        if number in fixed:
            moved.append(line)
            continue
        if not line.strip():
            moved.append("")
            continue
        if number in levels.depths:
            old, new = margin_of(line), margin + unit * levels.depths[number]
        elif line.lstrip().startswith("#") and number not in levels.continued:
            old = margin_of(line)
            new = margin + unit * levels.depth_of_comment(number, old)
        moved.append(_moved(line, old, new))
    return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class _Levels:
    depths: dict[int, int]
    """Line (from 0) that starts a logical line -> how deep it is."""
    widths: dict[int, tuple[int, ...]]
    """The same lines -> the widths of the blocks that are open there."""
    continued: frozenset[int]

    def depth_of_comment(self, number: int, margin: str) -> int:
        """A comment may stand at any open level; the next line says which are."""
        following = [line for line in self.widths if line > number]
        preceding = [line for line in self.widths if line < number]
        width = len(margin.expandtabs(_TAB_WIDTH))
        depths = [0]
        for line in (min(following, default=None), max(preceding, default=None)):
            if line is not None:
                opened = self.widths[line]
                depths.append(bisect.bisect_right(opened, width) - 1)
        return max(depths)


def _levels(lines: list[str]) -> _Levels:
    depths: dict[int, int] = {}
    widths: dict[int, tuple[int, ...]] = {}
    continued: set[int] = set()
    stack = [0]
    starts_line = True
    for token in _tokens(lines):
        row = token.start[0] - 1
        match token.type:
            case tokenize.INDENT:
                stack.append(len(token.string.expandtabs(_TAB_WIDTH)))
            case tokenize.DEDENT:
                stack.pop()
            case tokenize.NEWLINE:
                starts_line = True
            case tokenize.NL | tokenize.COMMENT | tokenize.ENDMARKER:
                if not starts_line:
                    continued.add(token.end[0] - 1)
            case _:
                if starts_line:
                    depths[row] = len(stack) - 1
                    widths[row] = tuple(stack)
                    starts_line = False
                continued.update(range(row, token.end[0]))
    return _Levels(depths=depths, widths=widths, continued=frozenset(continued))


def _string_lines(lines: list[str]) -> set[int]:
    """Lines (from 0) that begin inside a string whose text may not change."""
    fixed: set[int] = set()
    if not any(_MULTILINE.search(line) for line in lines):
        return fixed
    opened: list[int] = []
    previous = tokenize.NEWLINE
    for token in _tokens(lines):
        name = tokenize.tok_name[token.type]
        if name in ("FSTRING_START", "TSTRING_START"):
            opened.append(token.start[0])
        elif name in ("FSTRING_END", "TSTRING_END"):
            fixed.update(range(opened.pop(), token.end[0]))
        elif token.type == tokenize.STRING and token.start[0] < token.end[0]:
            inside = range(token.start[0], token.end[0])
            starts = previous in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
            margin = margin_of(lines[token.start[0] - 1])
            if not (starts and _is_docstring(token.string, lines, inside, margin)):
                fixed.update(inside)
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            previous = token.type
    return fixed


def _is_docstring(string: str, lines: list[str], inside: range, margin: str) -> bool:
    """Prose that hangs at its own margin, so that moving it changes nothing."""
    plain = string.lstrip("rRuU").startswith(('"""', "'''"))
    return plain and all(
        not lines[i].strip() or lines[i].startswith(margin) for i in inside
    )


def _tokens(lines: list[str]) -> list[tokenize.TokenInfo]:
    """Tokens of a suite, also of one that stands at a margin of its own."""
    source = io.StringIO("\n".join(lines) + "\n")
    found: list[tokenize.TokenInfo] = []
    try:
        # One by one: what precedes an error is still of use.
        for token in tokenize.generate_tokens(source.readline):
            found.append(token)  # noqa: PERF402
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def _without(line: str, margin: str) -> str:
    if line.startswith(margin):
        return line[len(margin) :]
    return line.lstrip(" \t") if not line.strip() else line


def _moved(line: str, old: str, new: str) -> str:
    if line.startswith(old):
        return new + line[len(old) :]
    return new + line.lstrip(" \t\f")
