"""Offsets in code points to and from LSP positions.

Lines end where LSP says that they end: at CRLF, LF or CR and nowhere else.
`str.splitlines` also ends them at form feeds and Unicode separators, which are legal
inside Python files and would shift every position after them.
"""

import enum
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

_LINE_END = re.compile(r"\r\n|\n|\r")
_BEYOND_BMP = 0xFFFF


class Encoding(enum.Enum):
    """What one unit of `character` is; negotiated at `initialize`."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A position as the client counts: line, and units of its encoding."""

    line: int
    character: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineIndex:
    """Where the lines of one text begin and end."""

    text: str
    encoding: Encoding
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    """Of the lines' contents: before their line ends."""

    def place(self, offset: int) -> Place:
        line = bisect_right(self.starts, offset) - 1
        before = self.text[self.starts[line] : offset]
        return Place(line=line, character=_width(before, self.encoding))

    def offset(self, place: Place) -> int:
        """Beyond the last line or the end of a line means its end, as LSP has it."""
        if place.line >= len(self.starts):
            return len(self.text)
        start, end = self.starts[place.line], self.ends[place.line]
        content = self.text[start:end]
        return start + _n_characters(content, place.character, self.encoding)


@lru_cache(maxsize=32)
def line_index(text: str, encoding: Encoding) -> LineIndex:
    ends = list(_LINE_END.finditer(text))
    return LineIndex(
        text=text,
        encoding=encoding,
        starts=(0, *(end.end() for end in ends)),
        ends=(*(end.start() for end in ends), len(text)),
    )


def _width(text: str, encoding: Encoding) -> int:
    if encoding is Encoding.UTF32 or text.isascii():
        return len(text)
    return sum(_units(character, encoding) for character in text)


def _n_characters(text: str, n_units: int, encoding: Encoding) -> int:
    if encoding is Encoding.UTF32 or text.isascii():
        return min(n_units, len(text))
    spent = 0
    for idx, character in enumerate(text):
        if spent >= n_units:
            return idx
        spent += _units(character, encoding)
    return len(text)


def _units(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.UTF16:
        return 2 if ord(character) > _BEYOND_BMP else 1
    return len(character.encode("utf-8", "surrogatepass"))
