"""Why a search brought nothing: said wherever an empty ranking would be the answer."""

from orps_search.events import ReplyRejected, SearchResult, StopReason

_REMEDIES = {
    StopReason.REQUESTS: "the budget of requests is spent; raise --max-requests",
    StopReason.COST: "the budget bears no further request; raise --max-cost",
    StopReason.TOKENS: "the budget of tokens bears no further reply; raise --max-tokens",
    StopReason.SECONDS: "the time is over; raise --max-seconds",
}


def shortfall(found: SearchResult, rejected: ReplyRejected | None) -> str | None:
    """One line without a full stop; `None` where there is something to show."""
    if found.ranking:
        return None
    if found.stop_reason in _REMEDIES:
        return f"no candidate: {_REMEDIES[found.stop_reason]}"
    if rejected is not None:
        return f"no reply could be used; the last one: {rejected.reason}"
    return "no candidate: the proposer knows none for this target"
