import ast
import gc
from functools import partial
from pathlib import Path

import anyio

from orps_server.parsing_thread import in_parsing_thread

TEXT = Path(ast.__file__).read_text()


class Finalized:
    """A part of a cycle whose end runs Python, and so perhaps another thread."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        for _ in range(50):
            pass


def parse_many(n: int) -> int:
    for _ in range(n):
        _ = [Finalized() for _ in range(20)]
        ast.parse(TEXT)
    return n


async def test_threads_that_parse_do_not_disturb_each_other():
    assert gc.isenabled()
    found: list[int] = []

    async def parse() -> None:
        found.append(await in_parsing_thread(parse_many, 30))

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(parse)
    assert found == [30] * 3
    assert gc.isenabled()


async def test_what_is_raised_comes_through_and_garbage_is_collected_again():
    async def fails() -> None:
        await in_parsing_thread(partial(ast.parse, "def"))

    try:
        await fails()
    except SyntaxError:
        assert gc.isenabled()
    else:
        raise AssertionError("it is no Python")
