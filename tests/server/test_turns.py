import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orps_server.turns import Turns


class Comer:
    """Somebody who wants a turn, and leaves when told."""

    def __init__(self, turns: Turns, n_at_a_time: int = 1) -> None:
        self.turns = turns
        self.n_at_a_time = n_at_a_time
        self.places: list[int] = []
        self.is_in = False
        self.leave = anyio.Event()
        self.scope = anyio.CancelScope()

    async def come(self) -> None:
        with self.scope:
            async with self.turns.turn(self.n_at_a_time, self.places.append):
                self.is_in = True
                try:
                    await self.leave.wait()
                finally:
                    self.is_in = False


async def settle() -> None:
    for _ in range(8):
        await anyio.lowlevel.checkpoint()


async def test_first_come_first_served() -> None:
    turns = Turns()
    comers = [Comer(turns) for _ in range(3)]
    async with anyio.create_task_group() as tasks:
        for comer in comers:
            tasks.start_soon(comer.come)
            await settle()
        assert [comer.places for comer in comers] == [[], [1], [2]]
        comers[0].leave.set()
        await settle()
        assert [comer.is_in for comer in comers] == [False, True, False]
        assert comers[2].places == [2, 1]
        comers[1].leave.set()
        comers[2].leave.set()


async def test_who_leaves_the_line_lets_the_others_move_up() -> None:
    turns = Turns()
    comers = [Comer(turns) for _ in range(3)]
    async with anyio.create_task_group() as tasks:
        for comer in comers:
            tasks.start_soon(comer.come)
            await settle()
        comers[1].scope.cancel()
        await settle()
        assert comers[2].places == [2, 1]
        comers[0].leave.set()
        await settle()
        assert comers[2].is_in
        comers[2].leave.set()


async def test_a_turn_that_comes_together_with_a_cancellation_is_passed_on() -> None:
    turns = Turns()
    first, second, third = (Comer(turns) for _ in range(3))
    async with anyio.create_task_group() as tasks:
        for comer in (first, second, third):
            tasks.start_soon(comer.come)
            await settle()
        first.leave.set()
        second.scope.cancel()
        await settle()
        assert third.is_in
        third.leave.set()


@given(steps=st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=12))
@pytest.mark.parametrize("n_at_a_time", [1, 2])
async def test_never_too_many_and_nobody_is_forgotten(
    n_at_a_time: int, steps: list[tuple[int, bool]]
) -> None:
    turns = Turns()
    comers = [Comer(turns, n_at_a_time) for _ in range(6)]
    async with anyio.create_task_group() as tasks:
        for comer in comers:
            tasks.start_soon(comer.come)
        await settle()
        for idx, is_cancelled in steps:
            if is_cancelled:
                comers[idx].scope.cancel()
            else:
                comers[idx].leave.set()
            if idx % 2:
                await settle()
            assert sum(comer.is_in for comer in comers) <= n_at_a_time
        for comer in comers:
            comer.leave.set()
    assert not any(comer.is_in for comer in comers)
