"""One thing worth reading, and how many of them fit."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Part of a file of the project, cut down to what it promises."""

    path: str
    """POSIX, relative to the project's root."""
    name: str
    """Qualified name of what is shown, or of what encloses a call."""
    text: str
    weight: int
    """The highest is kept first."""


def within(pieces: Iterable[Piece], limit_characters: int) -> tuple[Piece, ...]:
    """The weightiest that fit, each thing once; a long one does not hide short ones."""
    kept: list[Piece] = []
    seen: set[tuple[str, str]] = set()
    room = limit_characters
    for piece in sorted(pieces, key=lambda piece: -piece.weight):
        cost = len(piece.text) + len(piece.path) + 4
        if (piece.path, piece.name) in seen or cost > room:
            continue
        seen.add((piece.path, piece.name))
        kept.append(piece)
        room -= cost
    return tuple(kept)


def rendered(pieces: Iterable[Piece]) -> str:
    """Python-like text, file by file in the order of their weightiest pieces."""
    by_path: dict[str, list[str]] = {}
    for piece in pieces:
        by_path.setdefault(piece.path, []).append(piece.text)
    return "\n\n".join(
        f"# {path}\n" + "\n\n".join(texts) for path, texts in by_path.items()
    )
