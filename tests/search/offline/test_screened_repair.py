"""Bodies with failing tests are repaired without a model, in real processes."""

from pathlib import Path

import pytest

from orps_search.execution import normal_form
from orps_search.offline.repair import ScreenedRepair
from orps_server.engine import GenerateRequest, open_workbench
from orps_server.settings import Settings
from support.classic_bugs import BUGS, TWO_MISTAKES, Bug


async def repaired(root: Path, bug: Bug) -> tuple[list[str], ScreenedRepair]:
    (root / "m.py").write_text(bug.wrong)
    (root / "test_m.py").write_text(bug.tests)
    request = GenerateRequest(file=root / "m.py", qualname=bug.name)
    async with open_workbench(request, Settings()) as bench:
        repair = ScreenedRepair(bench.problem, bench.executor)
        codes: list[str] = []
        while (proposal := await repair.next()) is not None:
            assert (await bench.verify(proposal.code)).outcome.all_passed
            codes.append(proposal.code)
    return codes, repair


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
async def test_one_wrong_line(bug: Bug, tmp_path: Path):
    codes, repair = await repaired(tmp_path, bug)
    assert repair.solved
    assert codes


@pytest.mark.slow
async def test_two_wrong_lines(tmp_path: Path):
    codes, repair = await repaired(tmp_path, TWO_MISTAKES)
    assert repair.solved
    assert normal_form(TWO_MISTAKES.right) in map(normal_form, codes)


@pytest.mark.slow
async def test_what_passes_already_is_left_alone(tmp_path: Path):
    bug = BUGS[1]
    right = Bug(name=bug.name, right=bug.right, change=("", ""), checks=bug.checks)
    (tmp_path / "m.py").write_text(right.right)
    (tmp_path / "test_m.py").write_text(right.tests)
    request = GenerateRequest(file=tmp_path / "m.py", qualname=bug.name)
    async with open_workbench(request, Settings()) as bench:
        repair = ScreenedRepair(bench.problem, bench.executor)
        assert await repair.next() is None
    assert repair.n_screened == 0
