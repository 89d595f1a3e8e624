"""Where lenses stood when the file last parsed, moved along with what is typed.

A lens that disappears with each half-typed line moves all text below it up and down.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lsprotocol import types

from orps_server.open_files import Document

MAX_DOCUMENTS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remembered:
    lines: tuple[str, ...]
    lenses: tuple[types.CodeLens, ...]


class LensLines:
    def __init__(self) -> None:
        self._good: OrderedDict[str, _Remembered] = OrderedDict()

    def steady(
        self,
        document: Document,
        *,
        is_readable: bool,
        compute: Callable[[], list[types.CodeLens]],
    ) -> list[types.CodeLens]:
        """What `compute` finds in a readable text, else the last find, moved."""
        if not is_readable:
            known = self._good.get(document.uri)
            return _moved(known, document.text) if known else []
        lenses = compute()
        self._good[document.uri] = _Remembered(
            lines=tuple(document.text.splitlines()), lenses=tuple(lenses)
        )
        self._good.move_to_end(document.uri)
        while len(self._good) > MAX_DOCUMENTS:
            self._good.popitem(last=False)
        return lenses

    def forget(self, uri: str) -> None:
        self._good.pop(uri, None)


def _moved(known: _Remembered, text: str) -> list[types.CodeLens]:
    """Lines above the change stay, lines below it move by what it grew."""
    before, after = known.lines, tuple(text.splitlines())
    n_above = _n_common(before, after)
    rest_before, rest_after = before[n_above:], after[n_above:]
    n_below = _n_common(rest_before[::-1], rest_after[::-1])
    first_below, growth = len(before) - n_below, len(after) - len(before)

    def line_now(line: int) -> int:
        if line >= first_below:
            return line + growth
        return min(line, max(len(after) - 1, 0))

    return [
        types.CodeLens(
            range=types.Range(
                start=types.Position(
                    line=line_now(lens.range.start.line),
                    character=lens.range.start.character,
                ),
                end=types.Position(
                    line=line_now(lens.range.end.line),
                    character=lens.range.end.character,
                ),
            ),
            command=lens.command,
        )
        for lens in known.lenses
    ]


def _n_common(first: Sequence[str], second: Sequence[str]) -> int:
    """How many lines both begin with."""
    pairs = enumerate(zip(first, second, strict=False))
    differing = (idx for idx, (one, other) in pairs if one != other)
    return next(differing, min(len(first), len(second)))
