"""How far a search with the offline proposer goes unless told otherwise."""

from typing import Final

from orps_search.config import Budget, SearchConfig

OFFLINE_CONFIG: Final = SearchConfig(
    policy="orps-code",
    samples_per_round=16,
    beam_width=2,
    max_rounds=16,
    n_inputs=0,
    finish_round=True,
    patience=10,
    blames=False,
)
"""Rounds and no generated inputs: the order in which it proposes, simple programs first,
says more than how many of its proposals agree, for all are made of the same parts.

Wider and deeper than with a model: a proposal costs no request and about fifty
milliseconds of execution, so 16 * (2 * 16 + 1) = 528 of them take less than a minute.
"""

OFFLINE_BUDGET: Final = Budget(max_requests=None, max_tokens=None, max_seconds=60.0)
"""Nothing is requested from anyone; only the person's time is bounded."""
