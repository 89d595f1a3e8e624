"""Answers as real endpoints write them, which is not always as documented."""

from types import SimpleNamespace
from typing import Any

import pytest

from orps_search.gathered_answer import GatheredAnswer
from orps_search.model import FinishReason, Message, Reply

ASKED = (Message(role="user", content="x" * 36),)


def chunk(content: object = None, finish: str | None = None, usage: object = None):
    choice = SimpleNamespace(
        delta=SimpleNamespace(content=content), finish_reason=finish
    )
    return SimpleNamespace(choices=[choice], usage=usage)


def gathered(*parts: Any) -> Reply:
    answer = GatheredAnswer()
    for part in parts:
        answer.add(part)
    return answer.reply(ASKED, streamed=True)


def test_content_in_parts() -> None:
    text = [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]
    other: list[object] = [
        {"type": "image_url", "image_url": ""},
        {"type": "text"},
        "!",
        None,
    ]
    reply = gathered(chunk(text), chunk(other), chunk(finish="stop"))
    assert (reply.text, reply.finish) == ("Hello!", FinishReason.STOP)


def test_a_character_split_between_chunks() -> None:
    assert gathered(chunk("\ud83d"), chunk("\ude00")).text == "\U0001f600"


def test_half_a_character_is_no_text() -> None:
    reply = gathered(chunk("a\ud83d"), chunk("b"))
    assert reply.text == "a\ufffdb"


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        (SimpleNamespace(prompt_tokens=11, completion_tokens=7), (11, 7)),
        (SimpleNamespace(prompt_tokens=None, completion_tokens="7"), (10, 2)),
        (SimpleNamespace(prompt_tokens=-5, completion_tokens=True), (10, 2)),
        (SimpleNamespace(prompt_tokens=11), (11, 2)),
        ({"prompt_tokens": 11}, (10, 2)),
        (None, (10, 2)),
    ],
)
def test_usage_that_is_no_number_is_estimated(
    told: object, counted: tuple[int, int]
) -> None:
    usage = gathered(chunk("Hello."), chunk(finish="stop", usage=told)).usage
    assert (usage.input_tokens, usage.output_tokens) == counted


@pytest.mark.parametrize("choices", [None, "none", [1], [SimpleNamespace(text="x")]])
def test_a_choice_without_a_message_is_none(choices: object) -> None:
    answer = GatheredAnswer()
    answer.add(SimpleNamespace(choices=choices))
    assert answer.n_choices == 0
