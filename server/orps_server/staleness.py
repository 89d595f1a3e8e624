"""Whether what was found for a function still fits the text that is there now.

The target is found again by its name. Text that changed elsewhere only moves it.
A changed header, docstring or body is somebody's work and is never overwritten, save
when the body is one of our own candidates, put there before.
"""

from dataclasses import dataclass

from orps_search.candidate import Candidate
from orps_search.source.fault import TargetFault
from orps_search.source.splice import Edit, Misplacement, apply_edits, place
from orps_search.source.target import Target
from orps_server.searches import Search
from orps_server.targets import find_target


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    reason: str
    """One sentence for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """The edits that put a candidate into the present text."""

    edits: tuple[Edit, ...]
    source: str
    """How the target reads afterwards."""


def present_target(search: Search, text: str) -> Target | Stale:
    """Find the search's target in the present text, unless it has changed."""
    name = search.key.qualname
    target = find_target(text, name)
    if isinstance(target, TargetFault):
        return Stale(reason=_missing(target, name))
    return _changed(search, target) or target


def replacement(search: Search, candidate: Candidate, text: str) -> Replacement | Stale:
    target = present_target(search, text)
    return (
        target
        if isinstance(target, Stale)
        else _placed(search, candidate, text, target)
    )


def over_own_body(
    search: Search, candidate: Candidate, text: str
) -> Replacement | Stale:
    """Like `replacement`, also over a body that somebody wrote since the search.

    Only for people who said so: their work is replaced, though nothing beside it.
    """
    target = find_target(text, search.key.qualname)
    if isinstance(target, TargetFault):
        return Stale(reason=_missing(target, search.key.qualname))
    if not is_body_only(search, target):
        return _changed(search, target) or _placed(search, candidate, text, target)
    return _placed(search, candidate, text, target)


def is_body_only(search: Search, target: Target) -> bool:
    """Whether nothing but the body differs from what the search began with."""
    origin = search.origin
    return (target.header, target.docstring) == (origin.header, origin.docstring)


def has_own_body(search: Search, target: Target) -> bool:
    """Whether somebody has written into the body since the search.

    Stubs are all alike, and our own candidates are nobody's work.
    """
    if target.source in search.accepted or (target.is_stub and search.origin.is_stub):
        return False
    return _body(target) != _body(search.origin)


def _body(target: Target) -> str:
    """Below the header and the docstring, whatever these are."""
    alone = find_target(target.source, target.qualname.rpartition(".")[2])
    if isinstance(alone, TargetFault):
        return target.source
    return target.source[alone.body_start : alone.end].strip()


def _placed(
    search: Search, candidate: Candidate, text: str, target: Target
) -> Replacement | Stale:
    placement = place(text, target, candidate.code)
    if isinstance(placement, Misplacement):
        return Stale(reason=placement.reason)
    after = find_target(apply_edits(text, placement.edits), search.key.qualname)
    if isinstance(after, TargetFault):
        return Stale(reason=f"the candidate does not fit the file: {after.message}")
    return Replacement(edits=placement.edits, source=after.source)


def _changed(search: Search, target: Target) -> Stale | None:
    name, origin = search.key.qualname, search.origin
    if target.source in {origin.source, *search.accepted}:
        return None
    if target.header != origin.header:
        return Stale(reason=f"the signature of `{name}` has changed since the search")
    if target.docstring != origin.docstring:
        return Stale(reason=f"the docstring of `{name}` has changed since the search")
    return Stale(reason=f"the body of `{name}` has changed since the search")


def _missing(fault: TargetFault, name: str) -> str:
    if fault.kind == "syntaxError":
        return f"the file has a syntax error: {fault.message}"
    return f"`{name}` is no longer in the file"
