"""Edits of source text at the places that syntax nodes name.

Replacing text instead of unparsing trees leaves comments and formatting alone.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from orps_search.offline.repair.tightness import tightness, tightness_around

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace `text[start:end]`; offsets count code points."""

    start: int
    end: int
    replacement: str
    weight: int
    """Lower is likelier to be the repair."""
    what: str
    """What changes, in words."""


class Source:
    """A definition's text with its tree and the way from nodes to offsets."""

    def __init__(self, text: str, tree: ast.Module, function: Function) -> None:
        self.text = text
        self.tree = tree
        self.function = function
        self._parents = {
            id(child): parent
            for parent in ast.walk(function)
            for child in ast.iter_child_nodes(parent)
        }
        self._lines = text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """Return where a node stands; the tree counts columns in UTF-8 bytes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._offset(node.lineno, node.col_offset),
            self._offset(node.end_lineno, node.end_col_offset),
        )

    def _offset(self, line: int, column: int) -> int:
        before = self._lines[line - 1].encode()[:column] if column else b""
        return self._starts[line - 1] + len(before.decode())

    def segment(self, node: ast.stmt | ast.expr) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def replacing(
        self,
        node: ast.stmt | ast.expr,
        replacement: str,
        weight: int,
        what: str = "",
    ) -> Edit:
        """Return the edit that puts other text in the node's place."""
        start, end = self.span(node)
        shown = what or f"`{_short(self.text[start:end])}` to `{_short(replacement)}`"
        return Edit(
            start=start, end=end, replacement=replacement, weight=weight, what=shown
        )

    def swapping(self, left: ast.expr, right: ast.expr, weight: int, what: str) -> Edit:
        """Return the edit that exchanges two nodes and keeps what is between them."""
        start, gap_start = self.span(left)
        gap_end, end = self.span(right)
        gap = self.text[gap_start:gap_end]
        return Edit(
            start=start,
            end=end,
            replacement=f"{self.segment(right)}{gap}{self.segment(left)}",
            weight=weight,
            what=what,
        )

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self._parents.get(id(node))

    def fitting(self, node: ast.expr, replacement: str, weight: int) -> Edit:
        """Replace an expression, with parentheses where its surroundings need them."""
        start, end = self.span(node)
        wrapped = self.text[:start].endswith("(") and self.text[end:].startswith(")")
        needed = tightness_around(self.parent(node), node)
        if not wrapped and tightness(ast.parse(replacement, mode="eval").body) < needed:
            replacement = f"({replacement})"
        return self.replacing(node, replacement, weight)

    def between(
        self, left: ast.expr, right: ast.expr, replacement: str, weight: int
    ) -> Edit:
        """Return the edit that replaces the operator between two operands."""
        start, end = self.span(left)[1], self.span(right)[0]
        gap = self.text[start:end]
        symbol = gap.strip(" ()\\\n\t")
        at = start + gap.index(symbol) if symbol else start
        return Edit(
            start=at,
            end=at + len(symbol),
            replacement=replacement,
            weight=weight,
            what=f"`{symbol}` to `{replacement}`",
        )

    def body_nodes(self) -> Iterator[ast.AST]:
        """Walk the body, not the signature and not the docstring."""
        for statement in self.statements():
            yield from ast.walk(statement)

    def statements(self) -> list[ast.stmt]:
        body = self.function.body
        if ast.get_docstring(self.function, clean=False) is not None:
            return body[1:]
        return body


def applied(text: str, edit: Edit) -> str:
    return text[: edit.start] + edit.replacement + text[edit.end :]


def parsed(text: str) -> Source | None:
    """Return `None` unless the text holds exactly one function that parses."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    functions = [node for node in tree.body if isinstance(node, Function)]
    return Source(text, tree, functions[0]) if len(functions) == 1 else None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


_SHOWN = 40
