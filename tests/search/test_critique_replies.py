"""What critics really send."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orps_search.candidate import Critique
from orps_search.critique_replies import critique_text, parse_critique
from orps_search.proposer import MalformedReply


@pytest.mark.parametrize(
    ("reply", "expect"),
    [
        ("Fine.\n\nScore: 4/5\nAccept: no", 4),
        ("Score: 4", 4),
        ("score = 3", 3),
        ("**Score:** 4/5", 4),
        ("**Score: 4/5**", 4),
        ("### Score\n4", 4),
        ("Score (1-5): 2", 2),
        ("On a scale from 1 to 5, the score is 3.", 3),
        ("Rating: 5 out of 5", 5),
        ("Process reward: 2", 2),
        ("I would give it a 4.", 4),
        ("I'd rate this 3/5.", 3),
        ("The idea holds. $$4$$", 4),
        ("$$ 4 $$", 4),
        (r"$$\boxed{4}$$", 4),
        ("My verdict: **4**", 4),
        ("4/5", 4),
        ("Good.\n4", 4),
        ("4 out of 5", 4),
        ("Score: 8/10", 4),
        ("Score: 90/100", 4),
        ("Score: 0/10", 1),
        ("Score: 4.5/5", 4),
        ('{"critique": "Misses zero.", "score": 2}', 2),
        ('```json\n{"score": "4/5", "feedback": "ok"}\n```', 4),
        ('{"Score": 3.0}', 3),
        ("Score: 2/5 at first sight, but in the end\nScore: 4/5", 4),
        ("5 means perfect.\nScore: 3/5", 3),
        ("$$1$$ would be a dead end; I say $$3$$", 3),
        ("<think>Score: 1/5? no</think>\nScore: 5/5", 5),
        ("<think>The score is 2.", 2),
        ("Score: 4/5\r\nAccept: no\r\n", 4),
        ("2 out of 5 tests pass.\nScore: 3/5", 3),
    ],
)
def test_score(reply: str, expect: int) -> None:
    critique = parse_critique(reply)
    assert isinstance(critique, Critique)
    assert critique.process_reward == expect


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "It looks good to me.",
        "Score: N/5",
        "Score: 0/5",
        "Score: 7",
        "Score: 6/5",
        "Score: 3/7",
        "4/5 tests pass.",
        "3 out of 5 cases pass.",
        "It gives 4 for an input of 2.",
        '{"score": true}',
        '{"score": null}',
        '{"score": ' + "9" * 5_000 + "}",
        '{"score": NaN}',
    ],
)
def test_no_score(reply: str) -> None:
    rejected = parse_critique(reply)
    assert isinstance(rejected, MalformedReply)
    assert rejected.reply == reply


@pytest.mark.parametrize(
    ("reply", "expect"),
    [
        ("Score: 5/5\nAccept: yes", True),
        ("Score: 5/5\n**Accept:** Yes", True),
        ("Score: 5/5\nAccepted: no", False),
        ("Score: 5/5\nAccept: yes or no?\nAccept: no", False),
        ("Score: 5/5", False),
        ("$$5$$ <|good|>", True),
        ('{"score": 5, "accept": true}', True),
        ('{"score": 5, "accept": "sure"}', False),
    ],
)
def test_satisfied(reply: str, expect: bool) -> None:
    critique = parse_critique(reply)
    assert isinstance(critique, Critique)
    assert critique.satisfied is expect


def test_text_is_what_helps_the_next_version() -> None:
    critique = parse_critique(
        "<think>Hm, 3?</think>Zero is forgotten.\n\n**Score: 3/5**\nAccept: no\n"
    )
    assert isinstance(critique, Critique)
    assert critique.text == "Zero is forgotten."


def test_text_of_json() -> None:
    critique = parse_critique('{"critique": "Zero is forgotten.", "score": 3}')
    assert isinstance(critique, Critique)
    assert critique.text == "Zero is forgotten."


def test_acceptable_as_a_word_of_prose_stays() -> None:
    assert critique_text("Acceptable style, wrong result.\nScore: 2/5") == (
        "Acceptable style, wrong result."
    )


_pieces = st.sampled_from(
    [
        "Score: ",
        "4",
        "/5",
        "$$",
        "**",
        "<think>",
        "</think>",
        "{",
        '"score":',
        "}",
        "\n",
    ]
)


# The machine may be busy with other things: a slow example is no failure.
@settings(deadline=None, max_examples=60)
@given(st.text() | st.lists(_pieces | st.text(max_size=3)).map("".join))
def test_any_text_is_a_critique_or_malformed(reply: str) -> None:
    parsed = parse_critique(reply)
    if isinstance(parsed, Critique):
        assert parsed.process_reward in {1, 2, 3, 4, 5}
    else:
        assert parsed.reply == reply
