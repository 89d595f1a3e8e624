"""The search policies by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from orps_search.config import SearchConfig
from orps_search.policies.orps import BeamSearch
from orps_search.policy import Policy
from orps_search.reward import code_order, quality


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyKind:
    """One way to search."""

    summary: str
    """One line, for people who choose."""
    make: Callable[[SearchConfig], Policy]


POLICIES: Mapping[str, PolicyKind] = MappingProxyType(
    {
        "orps-code": PolicyKind(
            summary="ORPS in the order of its released code: process reward, then "
            "outcome reward",
            make=partial(BeamSearch, order=code_order),
        ),
        "orps": PolicyKind(
            summary="ORPS as the paper defines it: the mean of process and outcome "
            "reward",
            make=partial(BeamSearch, order=quality),
        ),
    }
)
