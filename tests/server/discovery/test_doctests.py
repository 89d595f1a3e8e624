"""Doctests of the target: alone they are all there is, beside tests they must be sound."""

from pathlib import Path

import pytest

from support.projects import discovered, project

TEST = "from stats import median\n\ndef test_it(): median([1])\n"


def module(docstring: str) -> str:
    body = "\n".join(f"    {line}" for line in docstring.strip().split("\n"))
    return (
        "import math\n\n"
        f'def median(values):\n    """Middle.\n\n{body}\n    """\n\n'
        "def show(values) -> None:\n    print(values)\n\ndef mode(values): ...\n"
    )


SOUND = [
    ">>> median([1])\n1",
    ">>> x = median([1])\n>>> x\n1",
    ">>> median([1, 2])\n1.5\n>>> median('ab')\n'a'",
    ">>> median([])\nTraceback (most recent call last):\n    ...\nValueError: empty",
    ">>> math.floor(median([1]))\n1",
    ">>> show(median([1]))",
    ">>> print(median([1]))\nabout one",
    ">>> for x in [1]:\n...     y = median([x])\n>>> y\n1",
]
UNSOUND = [
    (">>> median([1]) == 1", "may print a value"),
    (">>> median([1])", "may print a value"),
    (">>> x = median([1])\n1", "cannot print literally"),
    (">>> median(['a'])\n[a]", "cannot print literally"),
    (">>> median([1])\n1.50", "cannot print literally"),
    (">>> median(numbers)\n1", "`numbers`, which is not defined"),
    (">>> median([1\n1", "is not Python"),
    (">>> median([1]) + mode([1])\n2", "needs another stub: mode"),
]


@pytest.mark.parametrize("examples", SOUND)
def test_sound_examples_join_the_tests(tmp_path: Path, examples: str) -> None:
    root = project(tmp_path, {"test_stats.py": TEST})
    (root / "stats.py").write_text(module(examples))
    found = discovered(root, "stats.py::median")
    assert found.selection.doctests == ("stats.py::median",)
    assert found.selection.node_ids == ("test_stats.py::test_it",)
    assert found.notes == ()


@pytest.mark.parametrize(("examples", "reason"), UNSOUND)
def test_doubtful_examples_are_left_out_with_the_reason(
    tmp_path: Path, examples: str, reason: str
) -> None:
    root = project(tmp_path, {"test_stats.py": TEST})
    (root / "stats.py").write_text(module(examples))
    found = discovered(root, "stats.py::median")
    assert found.selection.doctests == ()
    assert len(found.notes) == 1
    assert found.notes[0].startswith("left out the doctest of `median`: ")
    assert reason in found.notes[0]


@pytest.mark.parametrize("examples", [*SOUND, *(text for text, _ in UNSOUND)])
def test_alone_any_examples_are_used(tmp_path: Path, examples: str) -> None:
    (tmp_path / "stats.py").write_text(module(examples))
    found = discovered(tmp_path, "stats.py::median")
    assert found.selection.doctests == ("stats.py::median",)
    assert found.sources == {}


def test_of_a_class_all_docstrings_count_when_there_is_nothing_else(
    tmp_path: Path,
) -> None:
    text = '''\
        class Stack:
            """Items.

            >>> Stack().size
            0
            """

            @property
            def size(self):
                """Count.

                >>> Stack().size
                0
                """

            def push(self, item):
                """No example."""
        '''
    root = project(tmp_path, {"stack.py": text})
    assert discovered(root, "stack.py::Stack").selection.doctests == (
        "stack.py::Stack",
        "stack.py::Stack.size",
    )
    assert discovered(root, "stack.py::Stack.size").selection.doctests == (
        "stack.py::Stack.size",
    )
    project(
        root, {"test_s.py": "from stack import Stack\ndef test_it(): Stack().size\n"}
    )
    assert discovered(root, "stack.py::Stack").selection.doctests == (
        "stack.py::Stack",
    )
