"""The block structure of a text that does not parse, read from its indentation.

parso says where such a text goes wrong and which lines lie inside strings; the
extent of a definition whose header is broken is in no tree, only in the margin.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import parso
from parso.tree import BaseNode, NodeOrLeaf

_DEFINITION = re.compile(r"\s*(async\s+def|def|class|@)\b|\s*@")
_CLASS = re.compile(r"\s*class\b")
_CONTINUATION = re.compile(r"[)\]}]|(elif|else|except|finally|case)\b")
_TAB_WIDTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Lines are numbered from 0 here, as ranges of a list."""

    lines: tuple[str, ...]
    in_string: frozenset[int]
    """Lines that begin inside a string."""
    first_error: int | None
    """Where parso had to recover first."""

    def around(self, line: int) -> list[range]:
        """What might be taken out to be rid of an error, smallest first.

        That is a function, or a statement directly in a class or the module, then
        what encloses it.
        """
        chain = self._ancestors(line)
        found: list[range] = []
        for header, parent in zip(chain, [*chain[1:], None], strict=True):
            text = self.lines[header]
            direct = parent is None or _CLASS.match(self.lines[parent])
            if direct or _DEFINITION.match(text):
                found.append(self._extent(header))
        return found

    def _ancestors(self, line: int) -> list[int]:
        """The line and, outward, each line above that is indented less."""
        while line > 0 and not self._counts(line):
            line -= 1
        chain, width = [line], self._width(line)
        for above in range(line - 1, -1, -1):
            if width == 0:
                break
            if self._counts(above) and self._width(above) < width:
                width = self._width(above)
                if not _CONTINUATION.match(self.lines[above].lstrip()):
                    chain.append(above)
        return chain

    def _extent(self, header: int) -> range:
        width = self._width(header)
        start = header
        while start > 0 and _CONTINUATION.match(self.lines[start].lstrip()):
            start = self._sibling_above(start)
        while start > 0 and self._decorates(start - 1, width):
            start -= 1
        end = last = header + 1
        body = not self.lines[header].lstrip().startswith("@")
        for below in range(header + 1, len(self.lines)):
            if not self._counts(below):
                last = below + 1 if below in self.in_string else last
                end = last if below in self.in_string else end
                continue
            text = self.lines[below].lstrip()
            if self._width(below) <= width and not _CONTINUATION.match(text):
                if body or not _DEFINITION.match(text):
                    break
                body = not text.startswith("@")
            end = last = below + 1
        return range(start, end)

    def _sibling_above(self, line: int) -> int:
        width = self._width(line)
        for above in range(line - 1, -1, -1):
            if self._counts(above) and self._width(above) <= width:
                return above
        return 0

    def _decorates(self, line: int, width: int) -> bool:
        return self.lines[line].lstrip().startswith("@") and self._width(line) == width

    def _counts(self, line: int) -> bool:
        """Whether the indentation of a line says anything."""
        text = self.lines[line].strip()
        return bool(text) and not text.startswith("#") and line not in self.in_string

    def _width(self, line: int) -> int:
        return indent_width(self.lines[line])


def indent_width(line: str) -> int:
    """Columns before the first character, with tab stops as Python counts them."""
    return len(line[: len(line) - len(line.lstrip())].expandtabs(_TAB_WIDTH))


def read_blocks(lines: list[str]) -> Blocks:
    in_string: set[int] = set()
    errors: list[int] = []
    # parso's own annotations leave the type of what it returns open.
    parse = cast("Callable[[str], BaseNode]", parso.parse)  # pyright: ignore[reportUnknownMemberType]
    pending: list[NodeOrLeaf] = [parse("".join(lines))]
    while pending:
        node = pending.pop()
        if node.type in ("error_node", "error_leaf"):
            errors.append(node.start_pos[0] - 1)
        if node.type in ("string", "fstring"):
            in_string.update(range(node.start_pos[0], node.end_pos[0]))
        elif isinstance(node, BaseNode):
            pending += cast("list[NodeOrLeaf]", node.children)
    return Blocks(
        lines=tuple(lines),
        in_string=frozenset(in_string),
        first_error=min(errors, default=None),
    )
