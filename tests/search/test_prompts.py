"""The prompts word by word, so that a change to one is seen; and how they shrink."""

from dataclasses import replace

import pytest

from orps_sandbox.outcome import ExecutionProfile, Termination
from orps_search.candidate import Critique, StaticMetrics
from orps_search.model import Message
from orps_search.prompts import (
    ANGLES,
    STYLES,
    critic_messages,
    judge_messages,
    messages_to_tester,
    programmer_messages,
    repair_messages,
)
from orps_search.proposer import Difference, Expansion, ExpansionId, MalformedReply
from support.searching import RIGHT, STUB, outcome, problem, state

PROBLEM = problem(context="import math\n")
PARENT = replace(
    state("c1", process=2, passed=(True, False)),
    reasoning="Twice is the same as once.",
    critique=Critique(text="It forgets to multiply.", process_reward=2),
)
DRAFT = Expansion(id=ExpansionId(1), parent=None, round=0, sample=0)
EXPANSION = Expansion(id=ExpansionId(9), parent=PARENT, round=1, sample=1)

PROBLEM_PART = '''\
## The module around it

```python
import math
```

## The definition to implement: `double` in `m.py`

```python
def double(x):
    """Twice x."""
    ...
```

## The tests

`test_m.py`:
```python
from m import double


def test_two():
    assert double(1) == 2
```

'''

ATTEMPT_PART = """\
## The reasoning of an earlier attempt

Twice is the same as once.

## The attempt

```python
def double(x):
    return x * 2
```

## What executing it showed

1 of 2 cases pass.

test_m.py::test_1: failed
assert 1 == 2

"""

PROGRAMMER_FORMAT = """\
First think it through in a few sentences: what is asked, which cases are difficult, \
which approach fits. Then give one fenced Python block with the complete definition \
of `double`, its signature unchanged, and the imports that it needs. No tests, no \
examples, no other text after the block.
"""

REPAIR_FORMAT = """\
First write your thoughts about this feedback: what it shows, and what the attempt got \
wrong. Then a plan in a few steps. Then give one fenced Python block with the complete \
definition of `double`, its signature unchanged, and the imports that it needs. No \
tests, no examples, no other text after the block.
"""


def user_text(messages: tuple[Message, ...]) -> str:
    assert [message.role for message in messages] == ["system", "user"]
    return messages[1].content


def test_draft() -> None:
    assert user_text(programmer_messages(PROBLEM, DRAFT)) == (
        f"{PROBLEM_PART}## Your task\n\nImplement it.\n\n{PROGRAMMER_FORMAT}"
    )


def test_expansion() -> None:
    assert user_text(programmer_messages(PROBLEM, EXPANSION)) == (
        f"{PROBLEM_PART}{ATTEMPT_PART}"
        "## What the reviewer said\n\nIt forgets to multiply.\n\n"
        "## Your task\n\nWrite a better version.\n\n"
        f"{ANGLES[1]}\n\n{REPAIR_FORMAT}"
    )


def test_critic() -> None:
    metrics = StaticMetrics(lines=2, cyclomatic=1, cognitive=0)
    profile = ExecutionProfile(cpu_seconds=0.0015, peak_memory_bytes=2_000_000)
    candidate = replace(
        PARENT,
        static_metrics=metrics,
        outcome=replace(PARENT.outcome, profile=profile),
    )
    text = user_text(critic_messages(PROBLEM, candidate))
    assert text.startswith(PROBLEM_PART + ATTEMPT_PART)
    # Its own earlier words are not shown to the critic.
    assert text[len(PROBLEM_PART + ATTEMPT_PART) :].startswith(
        "## What it cost\n\nTime: 1.5 ms\nPeak memory: 2,000,000 bytes\n"
        "Lines of code: 2\nCyclomatic complexity: 1\nCognitive complexity: 0\n\n"
        "Write a critique"
    )
    assert "Score: N/5\nAccept: yes or no\n" in text


def test_tester() -> None:
    assert user_text(messages_to_tester(PROBLEM)) == (
        f"{PROBLEM_PART}"
        "Write up to 20 further tests: usual inputs, edge cases, and inputs that a "
        "careless implementation gets wrong. Be sure of each expected value; leave out "
        "what you cannot know. Answer with one fenced Python block of lines such as\n\n"
        "assert double(ARGUMENTS) == VALUE\n\n"
        "with nothing but literals in them. No imports, no functions, no text after "
        "the block.\n"
    )
    assert messages_to_tester(PROBLEM)[0].content.startswith("You are the tester")


def test_judge() -> None:
    pair = (
        state("c1"),
        replace(state("c2"), code="def double(x):\n    return x + x\n"),
    )
    difference = Difference(call="double([])", first="[]", second="!TypeError")
    assert user_text(judge_messages(PROBLEM, pair, difference)) == (
        f"{PROBLEM_PART}"
        "## Attempt A\n\n```python\ndef double(x):\n    return x * 2\n```\n\n"
        "## Attempt B\n\n```python\ndef double(x):\n    return x + x\n```\n\n"
        "## Where they differ\n\n`double([])` gives\n\n"
        "- with A: `[]`\n- with B: `!TypeError`\n\n"
        "Say in a few sentences what the signature, the docstring and the tests mean "
        "where the two differ. Then end with exactly one line:\nBetter: A or B\n"
    )


def test_each_role_begins_with_its_name() -> None:
    programmer, _ = programmer_messages(PROBLEM, DRAFT)
    critic, _ = critic_messages(PROBLEM, PARENT)
    assert programmer.content.startswith("You are the programmer: ")
    assert critic.content.startswith("You are the critic: ")


def test_samples_of_one_parent_get_different_styles() -> None:
    texts = {
        user_text(programmer_messages(PROBLEM, replace(DRAFT, sample=sample)))
        for sample in range(len(STYLES))
    }
    assert len(texts) == len(STYLES) >= 6


def test_all_prompts_of_a_problem_begin_alike() -> None:
    draft = programmer_messages(PROBLEM, DRAFT)
    expansion = programmer_messages(PROBLEM, EXPANSION)
    assert draft[0] == expansion[0]
    assert expansion[1].content.startswith(PROBLEM_PART)


def test_they_begin_alike_to_the_byte_in_a_small_context_too() -> None:
    tests = {"test_m.py": "# first line\n" + "assert double(1) == 2\n" * 1_000}
    wide = problem(context="# context\n" * 2_000, test_sources=tests)
    long = replace(PARENT, reasoning="Because. " * 500)
    expansions = [DRAFT, EXPANSION, replace(EXPANSION, parent=long, sample=3)]
    texts = [
        user_text(programmer_messages(wide, each, limit_characters=8_000))
        for each in expansions
    ]
    assert all(len(text) <= 8_000 for text in texts)
    pairs = zip(*texts, strict=False)
    shared = next(idx for idx, each in enumerate(pairs) if len(set(each)) > 1)
    assert shared > 4_000
    assert texts[0][shared:].startswith("Your task")


def test_repairs_of_one_parent_look_from_different_angles() -> None:
    texts = {
        user_text(programmer_messages(PROBLEM, replace(EXPANSION, sample=sample)))
        for sample in range(len(ANGLES) + 3)
    }
    assert len(texts) == len(ANGLES) + 3


def test_a_body_that_exists_is_to_be_beaten() -> None:
    text = user_text(programmer_messages(problem(RIGHT), DRAFT))
    assert "It is implemented already." in text
    assert "return x * 2" in text


def test_failures_are_bounded() -> None:
    ran = outcome(*[False] * 30, message="E" * 50_000, output="spam " * 50_000)
    parent = replace(PARENT, outcome=ran)
    text = user_text(programmer_messages(PROBLEM, replace(EXPANSION, parent=parent)))
    assert "27 more do not pass." in text
    assert len(text) < 8_000


@pytest.mark.parametrize(
    ("termination", "words"),
    [
        (Termination.TIMED_OUT, "too long"),
        (Termination.OUT_OF_MEMORY, "too much memory"),
        (Termination.CRASHED, "crashed"),
    ],
)
def test_how_the_run_ended_is_told(termination: Termination, words: str) -> None:
    ran = outcome(False, termination=termination, detail="Killed by SIGKILL.")
    parent = replace(PARENT, outcome=ran)
    text = user_text(programmer_messages(PROBLEM, replace(EXPANSION, parent=parent)))
    assert words in text
    assert "Killed by SIGKILL." in text


def test_a_small_context_loses_the_surroundings_first() -> None:
    wide = problem(context="# context\n" * 2_000)
    text = user_text(programmer_messages(wide, EXPANSION, limit_characters=4_000))
    assert len(text) <= 4_000
    assert "characters left out]" in text
    for kept in (STUB.strip(), "def test_two", "forgets to multiply", RIGHT.strip()):
        assert kept in text


def test_tests_shrink_after_context_and_keep_their_beginning() -> None:
    tests = {"test_m.py": "# first line\n" + "assert double(1) == 2\n" * 1_000}
    wide = problem(context="# context\n" * 2_000, test_sources=tests)
    text = user_text(programmer_messages(wide, EXPANSION, limit_characters=6_000))
    assert len(text) <= 6_000
    assert "# context" not in text
    assert "# first line" in text


def test_the_definition_is_never_cut() -> None:
    long = STUB.replace("Twice x.", "Twice x. " * 500)
    text = user_text(programmer_messages(problem(long), DRAFT, limit_characters=1_000))
    assert long.strip() in text


def test_a_fence_in_the_code_does_not_end_the_block() -> None:
    text = user_text(
        programmer_messages(
            problem(STUB.replace("Twice x.", "```\n    x\n    ```")), DRAFT
        )
    )
    assert "````python\ndef double(x):" in text


def test_asking_again_shows_the_answer_and_what_was_missing() -> None:
    messages = programmer_messages(PROBLEM, DRAFT)
    rejected = MalformedReply(reply="Sure!", reason="it holds no Python block")
    asked = repair_messages(messages, rejected)
    assert asked[:2] == messages
    assert [m.role for m in asked[2:]] == ["assistant", "user"]
    assert asked[2].content == "Sure!"
    assert "it holds no Python block" in asked[3].content


def test_asking_again_after_an_empty_answer_sends_no_empty_message() -> None:
    messages = programmer_messages(PROBLEM, DRAFT)
    asked = repair_messages(messages, MalformedReply(reply=" ", reason="it is empty"))
    assert [m.role for m in asked] == ["system", "user"]
    assert "it is empty" in asked[1].content
