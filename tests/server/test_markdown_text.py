"""Text of a model or a test shows as it is, wherever Markdown is rendered."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from orps_server.markdown_text import escaped

RENDERED = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
SPECIAL = r"\`*_{}[]()<>#+-.!|~&:@$=1 ax" + "\n"


@given(st.text(SPECIAL, max_size=30) | st.text(ANY, max_size=30))
def test_nothing_in_it_formats(text: str) -> None:
    words = text.split()

    shown = RENDERED.render(escaped(" ".join(words)))

    # Entities are how HTML writes these characters; no other tag may have come up.
    inside = re.fullmatch(r"(?:<p>(.*)</p>\n)?", shown, re.DOTALL)
    assert inside is not None
    assert html.unescape(inside[1] or "").split() == words


@given(st.lists(st.text(SPECIAL.strip(), max_size=12), min_size=1, max_size=4))
def test_no_line_of_it_begins_a_block(lines: list[str]) -> None:
    kinds = {token.type for token in RENDERED.parse(escaped("\n".join(lines)))}

    assert kinds <= {"paragraph_open", "inline", "paragraph_close"}


@pytest.mark.parametrize(
    "text",
    [
        "passes 3 of 3 tests, 1.2 ms, 0.8 MiB (judge: in-process)",
        "snake_case == other_name + 1",
        "It is wrong! Why? See test_stats.py:12 and {'a': 1}.",
    ],
)
def test_what_means_nothing_stays_as_it_is(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://host.test/x", "see https\\://host.test/x"),
        ("www.host.test", "www\\.host.test"),
        ("@someone", "\\@someone"),
        ("1. first", "1\\. first"),
        ("- item", "\\- item"),
    ],
)
def test_what_an_editor_would_make_of_it_is_escaped(text: str, expected: str) -> None:
    assert escaped(text) == expected
