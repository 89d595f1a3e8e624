"""Why a search ended, in a sentence."""

from collections.abc import Mapping
from types import MappingProxyType

from orps_search.events import StopReason

SENTENCES: Mapping[StopReason, str] = MappingProxyType(
    {
        StopReason.ACCEPTED: "A candidate passes every test, and the critic would "
        "accept it.",
        StopReason.SOLVED: "A candidate passes every test, and the policy asks for no "
        "more than that.",
        StopReason.CONVERGED: "Enough candidates that pass every test agree in what "
        "they do.",
        StopReason.GIVEN_UP: "Nothing passed every test for so long that more of the "
        "same is not worth it.",
        StopReason.ROUNDS: "All that the policy allows was tried.",
        StopReason.EXHAUSTED: "The proposer had nothing new to offer.",
        StopReason.REQUESTS: "The requests that it was allowed are spent.",
        StopReason.TOKENS: "The tokens that it was allowed are spent.",
        StopReason.COST: "The money that it was allowed is spent.",
        StopReason.SECONDS: "The time that it was allowed is over.",
        StopReason.MODEL: "The model's endpoint failed.",
        StopReason.CANCELLED: "Somebody stopped it.",
    }
)

INTERRUPTED = (
    "Nothing ended it: its process was killed. Only the calls that were in flight then "
    "are lost."
)
RUNNING = "It has not ended yet."


def why(stop_reason: str | None, state: str) -> str:
    """Of a search document's words."""
    if stop_reason is not None:
        return SENTENCES[StopReason(stop_reason)]
    return INTERRUPTED if state == "interrupted" else RUNNING
