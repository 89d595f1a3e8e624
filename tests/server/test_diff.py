import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orps_sandbox.outcome import CaseStatus
from orps_server.diff import unified_diff
from support import results


def patched(folder: Path, old: str, diff: str) -> str:
    """What `git apply` makes of it; a real tool judges, not our reading of it."""
    git = shutil.which("git")
    assert git
    file = folder / "pkg" / "m.py"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(old.encode())
    command = [git, "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=diff.encode(), cwd=folder, check=True)
    return file.read_bytes().decode()


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("end", [True, False])
def test_git_applies_it(tmp_path: Path, eol: str, end: bool):
    old = eol.join(["def f():", "    ...", "x = 'ä'"]) + (eol if end else "")
    new = eol.join(["def f():", "    return 1", "x = 'ä'"]) + (eol if end else "")
    assert patched(tmp_path, old, unified_diff(old, new, "pkg/m.py")) == new


LINES = st.lists(st.sampled_from(["a", "b\r", "\x0c", "é\u2028", "\x1c", ""]))


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(old=LINES, new=LINES, end=st.booleans())
def test_git_applies_whatever_the_lines_hold(
    tmp_path: Path, old: list[str], new: list[str], end: bool
):
    before = "first\n" + "\n".join(old) + "\n"
    after = "first\n" + "\n".join(new) + ("\nlast" if end else "\n")
    diff = unified_diff(before, after, "pkg/m.py")
    if diff:
        assert patched(tmp_path, before, diff) == after
    else:
        assert before == after


def test_a_candidate_s_diff_is_of_the_whole_file(tmp_path: Path):
    candidate = results.candidate(CaseStatus.PASSED, CaseStatus.PASSED)
    result = results.result([candidate], results.problem(path="pkg/m.py"))
    diff = result.diff(candidate)
    assert diff.splitlines()[:2] == ["--- a/pkg/m.py", "+++ b/pkg/m.py"]
    assert patched(tmp_path, results.STUB, diff) == results.SOLUTION


def test_a_byte_order_mark_is_part_of_what_is_patched(tmp_path: Path):
    candidate = results.candidate(CaseStatus.PASSED, CaseStatus.PASSED)
    result = results.result(
        [candidate], results.problem(path="pkg/m.py"), encoding="utf-8-sig"
    )
    new = patched(tmp_path, "\ufeff" + results.STUB, result.diff(candidate))
    assert new == "\ufeff" + results.SOLUTION


def test_the_body_that_is_there_has_no_diff():
    candidate = results.candidate(CaseStatus.PASSED, CaseStatus.PASSED)
    result = results.result([candidate], results.problem(results.SOLUTION))
    assert result.diff(candidate) == ""
