"""A body that the synthesizer offers, and the definition made of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from orps_search.source.target import Target

_MODULES: Final = ("collections", "functools", "itertools", "math", "statistics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    lines: tuple[str, ...]
    """The statements of the body, indented by four spaces a level from nothing."""
    cost: int
    """Lower is simpler; comparable between solutions of one search."""
    n_matched: int
    n_examples: int
    how: str
    """Which part of the synthesizer found it, in a few words."""

    @property
    def is_complete(self) -> bool:
        return self.n_matched == self.n_examples


def definition_with(target: Target, lines: Sequence[str]) -> str:
    """Return `Candidate.code`: imports, then the target with these statements."""
    indent = _indent_of(target.source)
    body = [indent + _deepened(line, indent) for line in lines]
    text = "\n".join([*_opening(target, indent), *body]) + "\n"
    used = [name for name in _MODULES if re.search(rf"\b{name}\.", "\n".join(lines))]
    imports = "".join(f"import {name}\n" for name in used)
    return f"{imports}\n\n{text}" if imports else text


def _opening(target: Target, indent: str) -> list[str]:
    """Return the header and the docstring as they stand in the source."""
    header = target.header.replace("\r\n", "\n").rstrip()
    if target.docstring is None:
        return [header]
    source = target.source.replace("\r\n", "\n")
    after = source[len(header) :]
    quoted = re.match(
        r"\s*(?:#[^\n]*\n\s*)*([rRuU]?(\"\"\"|'''|\"|').*?(?<!\\)\2)", after, re.DOTALL
    )
    if quoted is None:
        return [header]
    return [header, indent + quoted[1]]


def _indent_of(source: str) -> str:
    """Return the indentation of the body's first line."""
    for line in source.splitlines()[1:]:
        stripped = line.lstrip(" \t")
        indent = line[: len(line) - len(stripped)]
        if indent and stripped and not stripped.startswith((")", "]", "#")):
            return "\t" if indent.startswith("\t") else " " * min(len(indent), 4)
    return "    "


def _deepened(line: str, indent: str) -> str:
    stripped = line.lstrip(" ")
    return indent * ((len(line) - len(stripped)) // 4) + stripped
