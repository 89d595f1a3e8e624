"""What a good engineer would read before writing the target, best first.

The types in its signature, what its module imports from the project, what its tests
use, and how it is called elsewhere. What the prompt holds anyway is left out.
"""

from collections.abc import Iterator, Sequence

from orps_search.source.heal import Healed, heal
from orps_server.discovery.project_tree import ProjectTree
from orps_server.surroundings.callers import calls
from orps_server.surroundings.definitions import imports, resolved, span_of, uses
from orps_server.surroundings.piece import Piece

_SIGNATURE, _IMPORTED, _TESTED, _BEHIND = 8, 6, 4, 3
_MAX_TEST_FILES = 3


def gather(
    files: ProjectTree, module_path: str, qualname: str, tests: Sequence[str]
) -> Iterator[Piece]:
    """Pieces of other files as they are found; never raises."""
    shown = frozenset((module_path, *tests))
    weighty: list[Piece] = []
    for piece in _first(files, module_path, qualname, tests, shown):
        yield piece
        if piece.weight >= _IMPORTED:
            weighty.append(piece)
    yield from _behind(files, weighty, shown)


def _first(
    files: ProjectTree,
    module_path: str,
    qualname: str,
    tests: Sequence[str],
    shown: frozenset[str],
) -> Iterator[Piece]:
    yield from _used(files, module_path, qualname, shown)
    yield from _tested(files, tests, shown)
    yield from calls(files, qualname, leave_out=shown)


def _used(
    files: ProjectTree, path: str, qualname: str, shown: frozenset[str]
) -> Iterator[Piece]:
    healed = heal(files.read(path))
    if not isinstance(healed, Healed):
        return
    span = span_of(healed.parsed, qualname)
    found = list(imports(healed.parsed, weight=_IMPORTED))
    if span is not None:
        found = [*uses(healed.parsed, span=span, weight=_SIGNATURE), *found]
    yield from resolved(files, path, files.read(path), found, leave_out=shown)


def _tested(
    files: ProjectTree, tests: Sequence[str], shown: frozenset[str]
) -> Iterator[Piece]:
    for path in tests[:_MAX_TEST_FILES]:
        healed = heal(files.read(path))
        if isinstance(healed, Healed):
            found = imports(healed.parsed, weight=_TESTED)
            yield from resolved(files, path, files.read(path), found, leave_out=shown)


def _behind(
    files: ProjectTree, pieces: Sequence[Piece], shown: frozenset[str]
) -> Iterator[Piece]:
    """One step further: what the weightiest pieces are written in terms of."""
    for path, name in dict.fromkeys((piece.path, piece.name) for piece in pieces):
        healed = heal(files.read(path))
        if not isinstance(healed, Healed):
            continue
        span = span_of(healed.parsed, name)
        if span is not None:
            found = uses(healed.parsed, span=span, weight=_BEHIND)
            yield from resolved(files, path, files.read(path), found, leave_out=shown)
