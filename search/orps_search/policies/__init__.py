"""The search policies by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from orps_search.config import SearchConfig
from orps_search.errors import ExtraMissing
from orps_search.policies import abmcts
from orps_search.policies.abmcts import AdaptiveBranching
from orps_search.policies.drafts import Drafts
from orps_search.policies.opal import Opal
from orps_search.policies.orps import BeamSearch
from orps_search.policies.reflexion import Reflexion
from orps_search.policies.rex import Rex
from orps_search.policy import Policy
from orps_search.reward import code_order, quality


def require_extra(name: str) -> None:
    """Raise `ExtraMissing` where a known policy needs what is not installed."""
    kind = POLICIES[name]
    if kind.extra is not None and not kind.is_available():
        raise ExtraMissing(kind.extra, needed_by=f"the policy `{name}`")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyKind:
    """One way to search."""

    summary: str
    """One line, for people who choose."""
    make: Callable[[SearchConfig], Policy]
    """Raises `ExtraMissing` where the policy's extra is not installed."""
    may_kill: bool = False
    """A candidate that has failed need not be run against the rest of the tests: what
    it would pass of them decides nothing, or little."""
    weighs_tests: bool = False
    """Tests that a model wrote mean something to it."""
    extra: str | None = None
    """What has to be installed for it."""
    is_available: Callable[[], bool] = lambda: True


POLICIES: Mapping[str, PolicyKind] = MappingProxyType(
    {
        "opal": PolicyKind(
            summary="outcome first, a bandit over behavior classes, no rounds, the "
            "critic only where it is needed",
            make=Opal,
            may_kill=True,
            weighs_tests=True,
        ),
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
        "bon": PolicyKind(
            summary="best of N drafts; the critic is never asked",
            make=lambda config: Drafts(config.samples_per_round),
            may_kill=True,
        ),
        "cot": PolicyKind(
            summary="one draft",
            make=lambda config: Drafts(1),  # noqa: ARG005 - every config means one
        ),
        "reflexion": PolicyKind(
            summary="one chain of draft, critique and rewrite until one passes",
            make=lambda config: Reflexion(config.max_rounds),
        ),
        "rex": PolicyKind(
            summary="a bandit refines the program that looks most promising until "
            "one passes; the critic is never asked",
            make=Rex,
        ),
        "abmcts": PolicyKind(
            summary="adaptive branching tree search by the `treequest` package; the "
            "critic is never asked, and all calls are made",
            make=AdaptiveBranching,
            extra=abmcts.EXTRA,
            is_available=abmcts.is_available,
        ),
    }
)
