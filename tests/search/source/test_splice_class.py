"""A class as the target: its stubs are filled, its written members are left alone."""

import pytest

from support.placing import misplaced, placed, placement_of

CLASS = '''\
import os


@decorated
class Stack:
    """A stack."""

    LIMIT = 3

    def __init__(self):
        self._items = []

    def push(self, item):
        """Put on top."""
        # TODO

    def pop(self): ...


x = 1
'''


def test_stubs_are_filled_and_what_is_written_stays() -> None:
    code = '''\
class Stack:
    """Another docstring."""
    LIMIT = 100

    def __init__(self):
        self.other = []

    def push(self, thing):
        """Mine."""
        self._items.append(thing)

    def pop(self):
        return self._items.pop()
'''
    assert placed(CLASS, "Stack", code) == CLASS.replace(
        "        # TODO\n", "        thing = item\n        self._items.append(thing)\n"
    ).replace("def pop(self): ...", "def pop(self):\n        return self._items.pop()")


def test_members_that_are_missing_are_added_at_the_end() -> None:
    code = """\
import re

def check(item):
    return SIZE > len(item)

SIZE = 3

class Stack:
    DEPTH: int = 4

    def push(self, item):
        if check(item):
            self._put(item)

    def _put(self, item):
        self._items.append(re.escape(item))

def unused():
    pass
"""
    edited = placed(CLASS, "Stack", code)
    assert edited == CLASS.replace(
        "import os\n\n\n",
        "import os\nimport re\n\n\n"
        "def check(item):\n    return SIZE > len(item)\n\n\nSIZE = 3\n\n\n",
    ).replace(
        "        # TODO\n",
        "        if check(item):\n            self._put(item)\n",
    ).replace(
        "def pop(self): ...\n",
        "def pop(self): ...\n\n    DEPTH: int = 4\n\n"
        "    def _put(self, item):\n        self._items.append(re.escape(item))\n",
    )


def test_the_code_holds_imports_helpers_and_the_class() -> None:
    placement = placement_of(
        CLASS,
        "Stack",
        "import re\nK = 1\nclass Stack:\n    def pop(self):\n        return re, K\n",
    )
    assert placement.code.startswith(
        "import re\n\n\nK = 1\n\n\n@decorated\nclass Stack:"
    )


def test_without_a_stub_every_member_that_is_offered_is_replaced() -> None:
    text = "class A:\n    def f(self): return 1\n\n    def g(self): return 2\n"
    code = "class A:\n    def f(self):\n        return 3\n"
    assert placed(text, "A", code) == (
        "class A:\n    def f(self):\n        return 3\n\n    def g(self): return 2\n"
    )


@pytest.mark.parametrize(
    "body", ["    pass\n", '    """Doc."""\n', "    # later\n", ""]
)
def test_an_empty_class_takes_everything(body: str) -> None:
    code = "class A:\n    x = 1\n\n    def f(self):\n        return self.x\n"
    edited = placed(f"class A:\n{body}", "A", code)
    assert edited.endswith(
        (
            "    x = 1\n\n    def f(self):\n        return self.x\n",
            "    x = 1\n\n    def f(self):\n        return self.x",
        )
    )


def test_both_halves_of_a_property_are_filled() -> None:
    text = (
        "class A:\n    @property\n    def x(self): ...\n"
        "    @x.setter\n    def x(self, value): ...\n"
    )
    code = (
        "class A:\n    @property\n    def x(self):\n        return self._x\n"
        "    @x.setter\n    def x(self, value):\n        self._x = value\n"
    )
    assert placed(text, "A", code) == code


def test_methods_that_lost_their_class_are_understood() -> None:
    code = "import re\n\ndef push(self, item):\n    re.purge()\n\ndef pop(self):\n    return 1\n"
    edited = placed(CLASS, "Stack", code)
    assert "        re.purge()\n\n    def pop(self):\n        return 1\n" in edited
    assert edited.startswith("import os\nimport re\n")


def test_line_ends_and_tabs_of_the_document_are_used() -> None:
    text = "class A:\r\n\tdef f(self):\r\n\t\tpass\r\n"
    code = "class A:\n    def f(self):\n        return 1\n    def g(self):\n        return 2\n"
    assert placed(text, "A", code) == (
        "class A:\r\n\tdef f(self):\r\n\t\treturn 1\r\n\r\n\tdef g(self):\r\n\t\treturn 2\r\n"
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "class Stack:\n    def push(self, item):\n        pass\n",
            "leaves the body empty",
        ),
        (
            "class Other:\n    def push(self, item):\n        return 1\n",
            "does not define",
        ),
        (
            "class Stack:\n    def pop(self, a, b, c):\n        return 1\n",
            "takes (self, a",
        ),
        ("x = 1\n", "does not define `Stack`"),
    ],
)
def test_code_that_has_no_place(code: str, reason: str) -> None:
    assert reason in misplaced(CLASS, "Stack", code)
