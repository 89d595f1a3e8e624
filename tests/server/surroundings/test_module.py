"""What a model is shown around the target."""

import textwrap

from orps_search.source.find import find_target
from orps_search.source.target import Target
from orps_server.surroundings.module import module_context


def context(text: str, qualname: str) -> str:
    target = find_target(text, qualname)
    assert isinstance(target, Target)
    return module_context(text, target)


MODULE = textwrap.dedent('''\
    """About."""
    import os
    from typing import TypeVar

    T = TypeVar("T")


    def helper(x: int) -> int:
        """Helps.

        Much.
        """
        secret = x
        return secret


    class Other:
        def __init__(self):
            secret = 1


    @decorated
    class Stack:
        """Items."""

        LIMIT: int = 3

        def __init__(self, size):
            self.size = size

        async def push(self, item):
            """Put."""
            secret = 2

        @property
        def top(self):
            # secret
            ...


    if __name__ == "__main__":
        secret()
''')


def test_the_class_around_a_method_is_shown_without_bodies() -> None:
    assert context(MODULE, "Stack.top") == textwrap.dedent('''\
        import os
        from typing import TypeVar
        T = TypeVar("T")
        def helper(x: int) -> int:
            """Helps.

            Much.
            """
            ...
        class Other:
            def __init__(self):
                ...
        @decorated
        class Stack:
            """Items."""
            LIMIT: int = 3
            def __init__(self, size):
                self.size = size
            async def push(self, item):
                """Put."""
                ...''')


def test_a_function_is_not_part_of_its_own_context() -> None:
    shown = context(MODULE, "helper")
    assert "def helper" not in shown
    assert "secret" not in shown
    assert "async def push(self, item):" in shown


def test_a_broken_neighbor_is_left_out() -> None:
    assert context("import os\ndef bad(:\n    pass\ndef f(): ...\n", "f") == "import os"


def test_a_large_module_is_bounded() -> None:
    text = (
        "TABLE = ["
        + "1, " * 2000
        + "]\n"
        + "".join(
            f"def f{i}(x):\n    '''{'Prose. ' * 20}'''\n    return x\n"
            for i in range(200)
        )
    )
    shown = context(text, "f100")
    assert len(shown) < 13_000
    assert shown.startswith("TABLE = [1, 1,")
    assert shown.endswith("# More of the module is left out here.")
