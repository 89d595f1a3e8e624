from collections.abc import Sequence
from pathlib import Path

import anyio
import pytest

from orps_search.errors import ModelRejected
from orps_search.model import Message, Reply, ReplySchema
from orps_search.proposer import Usage
from orps_server.daily_tokens import DailyTokens, RationedModel

ASKED = [Message(role="user", content="four words and more")]


class Model:
    """Every reply costs ten tokens; `None` hangs until it is cancelled."""

    name, prompt_tokens, max_output_tokens = "m", 1000, 20

    def __init__(self, *, hangs: bool = False) -> None:
        self.n_calls = 0
        self._hangs = hangs

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        seed: int | None = None,
        schema: ReplySchema | None = None,
    ) -> Reply:
        self.n_calls += 1
        if self._hangs:
            await anyio.sleep_forever()
        return Reply(text="", usage=Usage(requests=1, input_tokens=6, output_tokens=4))


def test_servers_count_together_and_yesterday_is_forgotten(tmp_path: Path):
    folder = tmp_path / "tokens"
    first, second = DailyTokens(folder), DailyTokens(folder)
    assert first.spent() == 0
    folder.mkdir()
    (folder / "2001-01-01").write_text("1000\n")
    first.add(3)
    second.add(4)
    assert first.spent() == second.spent() == 7
    assert len(list(folder.iterdir())) == 1
    # As a kill may leave it.
    with next(folder.iterdir()).open("ab") as file:
        file.write(b"x1\n5")
    assert first.spent() == 12


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path):
    (tmp_path / "file").touch()
    day = DailyTokens(tmp_path / "file" / "tokens")
    day.add(3)
    assert day.spent() == 0


async def test_no_call_begins_that_could_break_the_bound(tmp_path: Path):
    day = DailyTokens(tmp_path)
    model = Model()
    # One call takes at most 20 tokens of a reply and some of the prompt.
    rationed = RationedModel(model, day, max_tokens=50)
    await rationed.complete(ASKED)
    await rationed.complete(ASKED)
    with pytest.raises(ModelRejected, match="20 of the 50 tokens") as error:
        await rationed.complete(ASKED)
    assert error.value.kind == "budget"
    assert (model.n_calls, day.spent()) == (2, 20)
    await RationedModel(model, day, max_tokens=0).complete(ASKED)
    assert day.spent() == 30


async def test_calls_that_run_side_by_side_are_counted_before_they_end(tmp_path: Path):
    model = Model(hangs=True)
    rationed = RationedModel(model, DailyTokens(tmp_path), max_tokens=50)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(rationed.complete, ASKED)
        with anyio.move_on_after(5):
            while not model.n_calls:
                await anyio.lowlevel.checkpoint()
        with pytest.raises(ModelRejected):
            await rationed.complete(ASKED)
        tasks.cancel_scope.cancel()
    # What was sent is paid for, also when nobody waits for the reply.
    assert 0 < DailyTokens(tmp_path).spent() < 10
