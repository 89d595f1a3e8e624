"""Which function the person means."""

from functools import lru_cache

from orps_search.source import find
from orps_search.source.fault import TargetFault
from orps_search.source.heal import Healed, heal
from orps_search.source.target import Target
from orps_server.errors import RequestFault
from orps_server.lsp_ext import FunctionRef
from orps_server.positions import Encoding, Place, line_index

# Editors ask for lenses, actions and hovers of one version many times.
targets_in = lru_cache(maxsize=16)(find.find_targets)
_target_at = lru_cache(maxsize=64)(find.target_at)
_find_target = lru_cache(maxsize=64)(find.find_target)


def is_readable(text: str) -> bool:
    """Whether anything can be found in it; half-typed text may hide all of it."""
    return isinstance(heal(text), Healed)


def target_under(text: str, encoding: Encoding, place: Place) -> Target | None:
    """The innermost target around a place."""
    return _target_at(text, line_index(text, encoding).offset(place))


def find_target(text: str, qualname: str) -> Target | TargetFault:
    return _find_target(text, qualname)


def named_target(text: str, encoding: Encoding, function: FunctionRef) -> Target:
    """What a command's argument names; raises `RequestFault` when it is nothing."""
    if function.name is not None:
        found = find_target(text, function.name)
        if isinstance(found, TargetFault):
            raise _fault(found)
        return found
    assert function.place is not None
    target = target_under(text, encoding, function.place)
    if target is None:
        line = function.place.line + 1
        raise RequestFault(
            f"There is no function at line {line} of {function.path.name}.",
            kind="noStub",
            hint="Put the cursor into a function.",
        )
    return target


def _fault(fault: TargetFault) -> RequestFault:
    kind = "syntaxError" if fault.kind == "syntaxError" else "noStub"
    return RequestFault(fault.message, kind=kind)
