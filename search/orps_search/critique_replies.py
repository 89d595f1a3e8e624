"""A critic's reply, parsed into a critique.

Asked for `Score: 4/5`, models also send `$$4$$`, `**4**`, `4 out of 5` or JSON.
The most explicit form that occurs counts, and of one form the last: models quote
the scale first. A score outside 1..5 is no score, unless it names another scale.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from orps_search.candidate import Critique
from orps_search.model import ReplySchema
from orps_search.proposer import MalformedReply
from orps_search.reply_blocks import split_thinking

_NUMBER = r"(?P<value>[0-9]{1,3}(?:\.[0-9]{1,3})?)"
_SCALE = r"(?:[ \t]*(?:/|of|out of)[ \t]*(?P<scale>[0-9]{1,3}))?"
_NOT_CASES = r"(?![^\n.]{0,12}\b(?:tests?|cases?|examples?|asserts?)\b)"
# The scale itself, as in "Score (1-5)", and marks of emphasis hide the score.
_NOISE = re.compile(r"\(?[ \t]*1[ \t]*(?:-|\u2013|to)[ \t]*5[ \t]*\)?|[*_`]")
_LABEL = r"\b(?:process reward|score|rating|grade|reward)\b"

_LOWEST, _HIGHEST = 1, 5
_OTHER_SCALES = {10, 100}
_MAX_JSON_OBJECTS = 20

_FORMS = (
    (True, rf"\$\$[^\d\n$]{{0,12}}{_NUMBER}[^\d\n$]{{0,3}}\$\$"),
    (False, rf"{_LABEL}[^\d\n/]{{0,20}}{_NUMBER}{_SCALE}{_NOT_CASES}"),
    (
        False,
        rf"\bI(?:'d| would| will)?[ \t]+(?:give|rate)\b[^\d\n/]{{0,30}}{_NUMBER}{_SCALE}{_NOT_CASES}",
    ),
    (False, rf"\b{_NUMBER}[ \t]*(?:/|out of)[ \t]*(?P<scale>5|10|100)\b{_NOT_CASES}"),
    (True, rf"\*\*{_NUMBER}(?:/(?P<scale>5|10))?\*\*"),
    (False, rf"^[ \t]*{_NUMBER}[ \t]*\.?[ \t]*$"),
)
"""From the most to the least explicit; `True` reads the text with its marks."""

_COMPILED = tuple(
    (raw, re.compile(pattern, re.IGNORECASE | re.MULTILINE)) for raw, pattern in _FORMS
)
_ACCEPT = re.compile(
    r"^[ \t>*_-]*(?:accept(?:ed|able)?|satisfied)\b[ \t*_]*[:=]?[ \t*_]*"
    r"(?P<word>yes|no|true|false)\b",
    re.IGNORECASE | re.MULTILINE,
)
_GOOD = "<|good|>"
"""How ORPS's own prompts let the critic say that nothing is left to do."""

_VERDICT_LINE = re.compile(
    rf"^[^\w\n]*(?:{_LABEL}|accept(?:ed|able)?\b)[ \t*_]*(?:[:=]|is\b|[0-9])[^\n]{{0,40}}$",
    re.IGNORECASE | re.MULTILINE,
)

_SCORE_KEYS = ("score", "process_reward", "rating", "reward", "grade")
_TEXT_KEYS = ("critique", "criticism", "feedback", "review", "comment", "reasoning")
_ACCEPT_KEYS = ("accept", "accepted", "satisfied")


CRITIQUE_SCHEMA = ReplySchema(
    name="critique",
    schema={
        "type": "object",
        "properties": {
            "critique": {"type": "string"},
            "score": {"type": "integer", "enum": [1, 2, 3, 4, 5]},
            "accept": {"type": "boolean"},
        },
        "required": ["critique", "score", "accept"],
        "additionalProperties": False,
    },
)
"""The words come first: a score that is written before its reasons is a guess."""


def parse_critique(reply: str) -> Critique | MalformedReply:
    """Read the critic's words, the process reward and whether it would accept."""
    spoken = split_thinking(reply)
    answer = spoken.answer if spoken.answer.strip() else spoken.thinking
    for document in _json_objects(answer):
        critique = _from_json(document, answer)
        if critique is not None:
            return critique
    process_reward = _process_reward(answer)
    if process_reward is None:
        return MalformedReply(reply=reply, reason="it holds no score from 1 to 5")
    verdicts = [match["word"].lower() for match in _ACCEPT.finditer(answer)]
    accepted = bool(verdicts) and verdicts[-1] in {"yes", "true"}
    return Critique(
        text=critique_text(answer),
        process_reward=process_reward,
        satisfied=accepted or _GOOD in answer,
    )


def critique_text(reply: str) -> str:
    """The words of a reply without its thinking, its score line and its verdict."""
    spoken = split_thinking(reply)
    text = _VERDICT_LINE.sub("", spoken.answer or spoken.thinking).replace(_GOOD, "")
    return text.strip()


def _process_reward(answer: str) -> int | None:
    plain = _NOISE.sub(" ", answer)
    for raw, form in _COMPILED:
        found = [
            reward
            for match in form.finditer(answer if raw else plain)
            if (reward := _reward_of(match)) is not None
        ]
        if found:
            return found[-1]
    return None


def _reward_of(match: re.Match[str]) -> int | None:
    scale = match.groupdict().get("scale")
    return _scaled(float(match["value"]), int(scale) if scale else _HIGHEST)


def _scaled(value: float, scale: int) -> int | None:
    """On 1..5, rounded down: never more than what was said."""
    if scale == _HIGHEST:
        return math.floor(value) if _LOWEST <= value <= _HIGHEST else None
    if scale not in _OTHER_SCALES or value > scale:
        return None
    return max(_LOWEST, math.floor(value * _HIGHEST / scale))


def _json_objects(text: str) -> Iterator[Mapping[str, Any]]:
    """Objects in the text, the last first."""
    decoder = json.JSONDecoder()
    starts = [match.start() for match in re.finditer(r"\{", text)]
    for start in reversed(starts[-_MAX_JSON_OBJECTS:]):
        try:
            document, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            yield cast("dict[str, Any]", document)


def _from_json(document: Mapping[str, Any], answer: str) -> Critique | None:
    lowered = {key.lower(): value for key, value in document.items()}
    reward = next(
        (_json_reward(lowered[key]) for key in _SCORE_KEYS if key in lowered), None
    )
    if reward is None:
        return None
    texts = [lowered[key] for key in _TEXT_KEYS if isinstance(lowered.get(key), str)]
    return Critique(
        text="\n\n".join(texts) or critique_text(answer),
        process_reward=reward,
        satisfied=any(lowered.get(key) is True for key in _ACCEPT_KEYS),
    )


def _json_reward(value: object) -> int | None:
    match value:
        case bool():
            return None
        case int() | float():
            return _scaled(value, _HIGHEST)
        case str():
            return _process_reward(f"Score: {value}")
        case _:
            return None
