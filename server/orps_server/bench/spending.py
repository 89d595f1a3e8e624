"""How each policy is told to spend a number of calls; pure."""

from collections.abc import Sequence

from orps_search.config import SearchConfig
from orps_search.errors import ExtraMissing
from orps_search.policies import POLICIES, require_extra
from orps_server.errors import RequestFault

PAPER_CALLS = 640
"""What the paper's own parameters come to."""


def config_for(policy: str, n_calls: int, seed: int) -> SearchConfig:
    """The policy's own way of spending so many calls, one at a time.

    The rounds of ORPS at less than the paper's budget: K = T = 2 are 2N(KT + 1) = 10
    calls a sample, and the budget ends the search where that is more than it.
    """
    match policy:
        case "bon":
            return SearchConfig(policy=policy, samples_per_round=n_calls, seed=seed)
        case "reflexion":
            return SearchConfig(policy=policy, max_rounds=n_calls // 2, seed=seed)
        case _ if n_calls >= PAPER_CALLS:
            return SearchConfig(
                policy=policy,
                samples_per_round=n_calls // 32,
                beam_width=3,
                max_rounds=5,
                seed=seed,
                in_flight=1,
            )
        case _:
            return SearchConfig(
                policy=policy,
                samples_per_round=-(-n_calls // 10),
                seed=seed,
                in_flight=1,
            )


def require_policies(names: Sequence[str]) -> None:
    """Raise `RequestFault` for a policy that there is not, or not here."""
    for name in names:
        if name not in POLICIES:
            raise RequestFault(
                f"There is no search policy {name!r}.",
                kind="badRequest",
                hint=f"Known policies: {', '.join(POLICIES)}.",
            )
        try:
            require_extra(name)
        except ExtraMissing as error:
            raise RequestFault(
                f"The policy {name!r} is not installed.",
                kind="badRequest",
                hint=str(error),
            ) from error


def available_policies() -> tuple[str, ...]:
    """All for which everything is installed."""
    return tuple(name for name, kind in POLICIES.items() if kind.is_available())
