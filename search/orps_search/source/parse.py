"""Python's own parser, and the way back from its positions to offsets.

The parser counts columns in UTF-8 bytes and may have been shown a text with
bodies added; editors and our edits count code points of the text as it is.
`Parsed` is the only place that converts.
"""

import ast
import itertools
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

_LINE_END = re.compile(r"\r\n|\r|\n")
_BOM = "\ufeff"

ADDED_BODY = " ..."
"""What stands after a header that has no body, so that the parser goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsable:
    """Where and why Python refuses a text."""

    line: int
    """From 1."""
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A text, and the tree of what the parser was shown in its place."""

    text: str
    tree: ast.Module
    shown: tuple[str, ...]
    """The parser's lines: as many as the text has."""
    starts: tuple[int, ...]
    """Offset of each line of `text`; one more, for the end."""
    added: Mapping[int, int] = field(default_factory=dict[int, int])
    """Line -> column (code points) where the parser was shown `ADDED_BODY`."""

    def offset(self, line: int, column: int) -> int:
        """Code point offset of the parser's position (line from 1, UTF-8 bytes)."""
        content = self.shown[line - 1]
        if not content.isascii():
            column = len(content.encode()[:column].decode(errors="replace"))
        if line in self.added and column > self.added[line]:
            column = max(self.added[line], column - len(ADDED_BODY))
        return self.starts[line - 1] + column

    def start(self, node: ast.stmt | ast.expr) -> int:
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.stmt | ast.expr) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.end_lineno, node.end_col_offset)

    def line(self, number: int) -> str:
        """A line of the text without its end."""
        return self.text[self.starts[number - 1] : self.starts[number]].rstrip("\r\n")


def split_lines(text: str) -> list[str]:
    """Python's lines with their ends: unlike `splitlines`, a form feed ends none."""
    ends = [match.end() for match in _LINE_END.finditer(text)]
    bounds = [0, *ends, len(text)]
    return [text[a:b] for a, b in itertools.pairwise(bounds)]


def parse_tree(text: str) -> ast.Module:
    """Raise `SyntaxError` for whatever Python cannot read."""
    with warnings.catch_warnings():
        # An invalid escape in someone's file is not our warning to give.
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error) or "too deeply nested") from error


def parse_lines(
    text: str, shown: list[str], added: Mapping[int, int] | None = None
) -> Parsed | Unparsable:
    """Parse `shown`, which has the lines of `text` with something added or hidden."""
    if shown and shown[0].startswith(_BOM):
        # A form feed is the one character that leaves the first column at zero.
        shown = ["\f" + shown[0][1:], *shown[1:]]
    try:
        tree = parse_tree("".join(shown))
    except SyntaxError as error:
        return Unparsable(line=error.lineno or 1, reason=error.msg or "invalid syntax")
    lines = split_lines(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return Parsed(
        text=text,
        tree=tree,
        shown=tuple(shown),
        starts=tuple(starts),
        added=added or {},
    )


def parse(text: str) -> Parsed | Unparsable:
    return parse_lines(text, split_lines(text))
