"""Files with the bodies that were found for several of their stubs; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from orps_search.source.find import find_target
from orps_search.source.splice import Misplacement, apply_edits, place
from orps_search.source.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    qualname: str
    code: str


def with_bodies(text: str, bodies: Iterable[Body]) -> str:
    """Put each in place of its target; what no longer fits stays as it was.

    Places are looked up again after each one, since it moves those below it.
    """
    for body in bodies:
        target = find_target(text, body.qualname)
        if not isinstance(target, Target):
            continue
        placed = place(text, target, body.code)
        if not isinstance(placed, Misplacement):
            text = apply_edits(text, placed.edits)
    return text
