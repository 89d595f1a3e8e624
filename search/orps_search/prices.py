"""What models cost: money is known only where somebody said so."""

from dataclasses import dataclass, replace

from orps_search.proposer import Usage

_TOKENS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Of one model, in US dollars per million tokens."""

    input_usd: float
    output_usd: float


FREE = Price(input_usd=0.0, output_usd=0.0)
"""Of a local model, and of one whose price nobody said."""


def priced(usage: Usage, price: Price) -> Usage:
    """The same, with what it costs."""
    usd = usage.input_tokens * price.input_usd + usage.output_tokens * price.output_usd
    return replace(usage, usd=usd / _TOKENS)
