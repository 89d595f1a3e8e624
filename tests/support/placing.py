"""Placing code in a text, with what every placement promises checked on the way."""

import ast

from orps_search.source.find import find_target
from orps_search.source.splice import (
    Misplacement,
    Placement,
    apply_edits,
    place,
)
from orps_search.source.target import Target


def target_in(text: str, qualname: str) -> Target:
    target = find_target(text, qualname)
    assert isinstance(target, Target), target
    return target


def placed(text: str, qualname: str, code: str) -> str:
    """The text with the code in place."""
    placement = placement_of(text, qualname, code)
    return apply_edits(text, placement.edits)


def placement_of(text: str, qualname: str, code: str) -> Placement:
    target = target_in(text, qualname)
    placement = place(text, target, code)
    assert isinstance(placement, Placement), placement
    edited = apply_edits(text, placement.edits)
    again = target_in(edited, qualname)
    assert (again.header, again.kind) == (target.header, target.kind)
    assert target.docstring is None or again.docstring == target.docstring
    assert place(text, target, placement.code) == placement, "not idempotent"
    assert "\r" not in placement.code
    ast.parse(placement.code)
    return placement


def misplaced(text: str, qualname: str, code: str) -> str:
    """The reason for which the code has no place."""
    refused = place(text, target_in(text, qualname), code)
    assert isinstance(refused, Misplacement), refused
    return refused.reason
