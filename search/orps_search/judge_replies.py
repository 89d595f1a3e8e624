"""A judge's reply, parsed into a judgement; pure."""

import re

from orps_search.proposer import Judgement, MalformedReply
from orps_search.reply_blocks import split_thinking

_VERDICT = re.compile(
    r"\b(?:better|winner|answer|choice)\b[^\w\n]*(?:is[^\w\n]+)?(?:attempt[^\w\n]+)?"
    r"(?P<which>[AB])\b(?![^\n]*\bor\b)",
    re.IGNORECASE,
)


def parse_judgement(reply: str) -> Judgement | MalformedReply:
    """What is said last counts, and thinking aloud does not."""
    said = [found["which"] for found in _VERDICT.finditer(split_thinking(reply).answer)]
    if not said:
        reason = "it does not end with `Better: A` or `Better: B`"
        return MalformedReply(reply=reply, reason=reason)
    return Judgement(is_first=said[-1].upper() == "A")
