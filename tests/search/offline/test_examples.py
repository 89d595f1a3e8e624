"""The examples are real stubs with real tests, and a few of them are solved here."""

from pathlib import Path
from typing import Any

import pytest

from orps_search.offline.drafts import drafts_of
from orps_search.source.find import find_target
from orps_search.source.target import Target
from support.offline import called, first, offline_problem

EXAMPLES = Path(__file__).parents[3] / "examples"
LINES = (EXAMPLES / "targets.txt").read_text(encoding="utf-8").splitlines()
TARGETS = [line for line in LINES if line and not line.startswith("#")]


@pytest.mark.parametrize("line", TARGETS)
def test_each_target_is_there_and_unsolved(line: str):
    file, _, qualname = line.partition("::")
    text = (EXAMPLES / file).read_text(encoding="utf-8")
    target = find_target(text, qualname)
    assert isinstance(target, Target)
    assert target.is_stub or qualname == "position"


def test_the_readme_lists_them_all():
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    missing = [line for line in TARGETS if f"`{line}`" not in readme]
    assert missing == []


@pytest.mark.parametrize(
    ("name", "qualname", "arguments", "expected"),
    [
        ("measures", "average", ([1.0, 2.0],), 1.5),
        ("parcels", "tariff", (12,), "large"),
        ("sequences", "running_maximum", ([1, 5, 2],), [1, 5, 5]),
        ("sequences", "fibonacci", (20,), 6765),
    ],
)
def test_solved_from_its_own_tests(
    name: str, qualname: str, arguments: tuple[Any, ...], expected: Any
):
    folder = EXAMPLES / name
    text = (folder / f"{name}.py").read_text(encoding="utf-8")
    tests = (folder / f"test_{name}.py").read_text(encoding="utf-8")
    given = offline_problem(text, qualname, tests)
    (proposal,) = first(drafts_of(given, seed=0), 1)
    assert called(given, proposal.code)(*arguments) == expected
