"""`export --format prm`: the steps that solutions of a search share are right."""

import json
from typing import Any

from orps_search.config import Budget, SearchConfig
from orps_search.journal.fold import fold
from orps_search.prm.rows import examples_of
from orps_search.run import run_search
from orps_server.export import FORMATS
from support.journals import MemoryJournal
from support.searching import (
    Events,
    FakeCritic,
    FakeExecutor,
    FakeProgrammer,
    problem,
)

RIGHT = "def double(x):\n    y = x\n    return y + x\n"
WRONG = "def double(x):\n    y = x  \n\n    return y\n"
OTHER = "def double(x):\n    z = 1\n    return z\n"


async def rows() -> list[dict[str, Any]]:
    journal = MemoryJournal()
    await run_search(
        problem(),
        programmer=FakeProgrammer(script=[WRONG, OTHER, RIGHT, OTHER]),
        critic=FakeCritic(),
        executor=FakeExecutor(),
        config=SearchConfig(samples_per_round=3, beam_width=1, max_rounds=0),
        budget=Budget(),
        publish=Events(),
        journal=journal,
    )
    return [dict(each) for each in FORMATS["prm"].load()(fold(journal.records))]


async def test_labels_are_what_the_search_has_shown():
    found = await rows()
    by_text = {"".join(row["completions"]): row["labels"] for row in found}
    assert by_text["    y = x\n    return y + x\n"] == [True, True]
    assert by_text["    y = x  \n\n    return y\n"] == [True, False]
    assert by_text["    z = 1\n    return z\n"] == [False, False]
    assert {row["problem"] for row in found} == {"m.py::double"}


async def test_the_trainer_reads_them():
    lines = [json.dumps(row) for row in await rows()]
    examples = list(examples_of(lines))
    assert len(examples) == 6
    assert sum(each.label for each in examples) == 3
