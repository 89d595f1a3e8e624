"""`export --format trajectories` holds what docs/export.md says, and nothing else."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from orps_search.config import Budget, SearchConfig
from orps_search.journal.fold import fold
from orps_search.proposer import Usage
from orps_search.run import run_search
from orps_server.export import FORMATS
from support.journals import MemoryJournal
from support.searching import (
    HALF_RIGHT,
    RIGHT,
    WRONG,
    Events,
    FakeCritic,
    FakeExecutor,
    FakeProgrammer,
    problem,
)

PAGE = Path(__file__).parents[3] / "docs" / "export.md"
TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "strings": list,
    "object": dict,
    "objects": list,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "string or `null`": (str, type(None)),
    "number or `null`": (int, float, type(None)),
    "integer 1-5 or `null`": (int, type(None)),
}


def documented() -> tuple[dict[str, str], dict[str, str]]:
    """Path -> type of a line, and of each of its steps."""
    section = PAGE.read_text("utf-8").split("## `trajectories`")[1].split("\n## ")[0]
    head, _, steps = section.partition("Each step:")
    return _rows(head), _rows(steps)


def _rows(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for names, kind in re.findall(r"^\| (`[^|]*`) \| ([^|]*) \|", text, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", names):
            found[name] = kind.strip()
    return found


def flattened(
    value: Mapping[str, Any], known: Mapping[str, str], prefix: str = ""
) -> dict[str, Any]:
    """The fields by dotted paths, as deep as the page names them."""
    found: dict[str, Any] = {}
    for key, each in value.items():
        path = f"{prefix}{key}"
        if path not in known and isinstance(each, dict):
            found |= flattened(cast("dict[str, Any]", each), known, f"{path}.")
        else:
            found[path] = each
    return found


@pytest.fixture
async def lines() -> list[dict[str, Any]]:
    journal = MemoryJournal()
    await run_search(
        problem(),
        programmer=FakeProgrammer(
            script=[WRONG, HALF_RIGHT, RIGHT], cost=Usage(requests=1, output_tokens=7)
        ),
        critic=FakeCritic(cost=Usage(requests=1, output_tokens=2)),
        executor=FakeExecutor(),
        config=SearchConfig(
            policy="orps", samples_per_round=1, beam_width=1, max_rounds=2
        ),
        budget=Budget(),
        publish=Events(),
        journal=journal,
    )
    made = FORMATS["trajectories"].load()(fold(journal.records))
    return [json.loads(json.dumps(each)) for each in made]


async def test_fields_and_types_are_those_of_the_page(lines: list[dict[str, Any]]):
    whole, step = documented()
    assert lines
    for line in lines:
        check(flattened(line, whole), whole)
        for each in line["steps"]:
            check(flattened(each, step), step)


def check(fields: Mapping[str, Any], known: Mapping[str, str]) -> None:
    assert set(fields) == set(known)
    for path, value in fields.items():
        assert isinstance(value, TYPES[known[path]]), (path, value)


async def test_each_step_has_what_was_thought_written_seen_judged_and_its_worth(
    lines: list[dict[str, Any]],
):
    (line,) = lines
    written = [each["code"].splitlines()[-1] for each in line["steps"]]
    assert written == [code.splitlines()[-1] for code in (WRONG, HALF_RIGHT, RIGHT)]
    assert [each["reasoning"] for each in line["steps"]] == ["Because."] * 3
    assert [each["critique"] for each in line["steps"]] == ["As it is."] * 3
    shares = [each["rewards"]["success_ratio"] for each in line["steps"]]
    assert shares == [pytest.approx(1 / 3), pytest.approx(2 / 3), 1.0]
    gains = [each["rewards"]["gain"] for each in line["steps"]]
    assert gains == [pytest.approx(1 / 3, abs=1e-5)] * 3
    assert [each["rewards"]["process"] for each in line["steps"]] == [2, 2, 5]
    assert [each["cost"]["requests"] for each in line["steps"]] == [2, 2, 2]
    assert [each["cost"]["output_tokens"] for each in line["steps"]] == [9, 9, 9]
    assert line["is_solved"]
    assert line["final_reward"] == line["steps"][-1]["rewards"]["outcome"]
