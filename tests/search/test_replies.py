"""What programmers really send."""

import textwrap
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orps_search.execution import normal_form
from orps_search.proposer import MalformedReply, Proposal
from orps_search.replies import parse_proposal
from support.searching import problem

DOUBLE = problem()
EXPECTED = normal_form("def double(x):\n    return x * 2\n")

FUNCTION = "def double(x):\n    return x * 2"
INDENTED = textwrap.indent(f"```python\n{FUNCTION}\n```", "    ")
WITH_FENCE_INSIDE = '''\
```python
def double(x):
    """Twice x.

    ```
    double(1)
    ```
    """
    return x * 2
```
'''


def check(reply: str) -> Proposal:
    proposal = parse_proposal(reply, DOUBLE)
    assert isinstance(proposal, Proposal), proposal
    assert normal_form(proposal.code) == EXPECTED
    return proposal


def reject(reply: str) -> str:
    rejected = parse_proposal(reply, DOUBLE)
    assert isinstance(rejected, MalformedReply), rejected
    assert rejected.reply == reply
    return rejected.reason


@pytest.mark.parametrize(
    "reply",
    [
        f"Times two.\n\n```python\n{FUNCTION}\n```\n",
        f"```py\n{FUNCTION}\n```",
        f"```Python3\n{FUNCTION}\n```",
        f"```python title=m.py\n{FUNCTION}\n```",
        f"```\n{FUNCTION}\n```",
        f"~~~python\n{FUNCTION}\n~~~",
        f"````python\n{FUNCTION}\n````",
        f"1. First:\n\n{INDENTED}\n",
        f"```python\n{FUNCTION}\n```\n".replace("\n", "\r\n"),
        f"\ufeff```python\n{FUNCTION}\n```",
        "```python\ndef double(x):\n\u00a0\u00a0\u00a0\u00a0return\u00a0x * 2\n```",
        "```python\nreturn x * 2\n```",
        "```python\n    return x * 2\n```",
        f"```python\nimport m\n\n{FUNCTION}\n\nprint(double(2))\n```",
        f"```python\n{FUNCTION}\n",
        FUNCTION,
        f"Here it is:\n\n{FUNCTION}\n\nThis doubles x.",
        f"<think>Or ```python\nreturn x\n```?</think>\n```python\n{FUNCTION}\n```",
        f"A plan without its tag.</think>```python\n{FUNCTION}\n```"[:1_000],
        f"<think>Never closed.\n```python\n{FUNCTION}\n```",
        WITH_FENCE_INSIDE,
    ],
)
def test_shapes(reply: str) -> None:
    check(reply)


def test_the_last_complete_block_that_defines_the_target_counts() -> None:
    check(
        "First idea:\n```python\ndef double(x):\n    return x\n```\n"
        f"That is wrong. Better:\n```python\n{FUNCTION}\n```\n"
        "Try it:\n```python\nprint(double(2))\n```\n"
        "It prints:\n```\n4\n```\n"
    )


def test_helpers_may_stand_in_blocks_of_their_own() -> None:
    proposal = parse_proposal(
        "The imports:\n```python\nimport operator\n```\n"
        "A helper:\n```python\ndef twice(x):\n    return operator.mul(x, 2)\n```\n"
        "An unused one:\n```python\ndef thrice(x):\n    return 3 * x\n```\n"
        "Then:\n```python\ndef double(x):\n    return twice(x)\n```\n",
        DOUBLE,
    )
    assert isinstance(proposal, Proposal)
    namespace: dict[str, Any] = {}
    exec(proposal.code, namespace)
    assert namespace["double"](4) == 8
    assert "thrice" not in proposal.code


def test_a_cut_off_revision_does_not_replace_a_complete_block() -> None:
    check(f"```python\n{FUNCTION}\n```\nOr:\n```python\ndef double(x):\n    return ")


def test_a_usage_example_is_no_body() -> None:
    reject("Call it like this:\n```python\nprint(double(2))\n```")


def test_blocks_in_other_languages_are_not_code() -> None:
    reject("```bash\npip install double\n```")
    check(f"```python\n{FUNCTION}\n```\n```json\n[1]\n```")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Sorry.",
        "Sorry",
        "I cannot do that.",
        "```python\n```",
        "```python\ndef double(x:\n    return\n```",
        "```python\ndef double(x):\n    return (x *\n",
        "<think>Still thinking about it",
    ],
)
def test_malformed(reply: str) -> None:
    assert reject(reply)


def test_the_reason_is_about_the_most_promising_block() -> None:
    reason = reject("```python\ndef double(x:\n    return x\n```\n")
    assert "not Python" in reason


def test_reasoning_is_the_prose_before_the_code() -> None:
    assert check(f"Times two.\n\n```python\n{FUNCTION}\n```\nDone.").reasoning == (
        "Times two."
    )
    thought = f"<think>Twice.</think>\n```python\n{FUNCTION}\n```"
    assert check(thought).reasoning == "Twice."


STACK = '''\
class Stack:
    """A stack."""

    def __init__(self):
        self.items = []

    def push(self, item):
        """Add an item."""
        raise NotImplementedError
'''


def test_a_method_may_come_alone_or_in_its_class() -> None:
    push = problem(STACK, "Stack.push")
    alone = "def push(self, item):\n    self.items.append(item)"
    in_class = "class Stack:\n" + textwrap.indent(alone, "    ")
    body = "self.items.append(item)"
    codes: set[str] = set()
    for code in (alone, in_class, body):
        proposal = parse_proposal(f"```python\n{code}\n```", push)
        assert isinstance(proposal, Proposal)
        codes.add(normal_form(proposal.code))
    assert len(codes) == 1


def test_a_whole_class() -> None:
    stack = problem(STACK, "Stack")
    code = STACK.replace("raise NotImplementedError", "self.items.append(item)")
    proposal = parse_proposal(f"```python\n{code}```", stack)
    assert isinstance(proposal, Proposal)
    assert "self.items.append(item)" in proposal.code


_pieces = st.sampled_from(
    ["```python\n", "```", "~~~", "<think>", "</think>", "\n", FUNCTION, "return x * 2"]
)


# The machine may be busy with other things: a slow example is no failure.
@settings(deadline=None, max_examples=60)
@given(st.text() | st.lists(_pieces | st.text(max_size=3), max_size=12).map("".join))
def test_any_text_is_a_proposal_or_malformed(reply: str) -> None:
    parsed = parse_proposal(reply, DOUBLE)
    if isinstance(parsed, MalformedReply):
        assert parsed.reason
    else:
        assert "double" in parsed.code
