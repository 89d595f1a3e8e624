"""The command line on real folders, with the offline proposer and given bodies."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from support.cli import Folder

pytestmark = pytest.mark.slow

STUB = '''\
"""Numbers."""


def double(x: int) -> int:
    """Twice x."""
    ...


def below(a, b):
    """Whether a is smaller than b."""
    return a <= b
'''
TESTS = """\
import pytest

from numbers_ import below, double


@pytest.mark.parametrize(("x", "y"), [(1, 2), (3, 6), (-2, -4)])
def test_double(x, y):
    assert double(x) == y


def test_below():
    assert below(1, 2)
    assert not below(2, 2)
"""
DOUBLE_IDS = [
    f"test_numbers_.py::test_double[{each}]" for each in ("1-2", "3-6", "-2--4")
]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, {"numbers_.py": STUB, "test_numbers_.py": TESTS})


def test_a_stub_is_solved_and_the_document_says_how(folder: Folder):
    finished = folder.run("generate", "numbers_.py::double", "--json")
    assert finished.status == 0, finished.stderr
    document = finished.document
    assert document["schema"] == "orps.result/1"
    assert document["target"] == {"file": "numbers_.py", "qualname": "double"}
    assert document["tests"]["ids"] == DOUBLE_IDS
    assert (document["policy"], document["proposer"]) == ("orps-code", "offline")
    assert document["usage"]["requests"] == 0
    assert finished.best["passed"] == finished.best["total"] == 3
    assert finished.best["verdicts"] == dict.fromkeys(DOUBLE_IDS, "passed")
    assert finished.best["metrics"]["cpu_seconds"] > 0
    assert [each["rank"] for each in document["candidates"]] == list(
        range(1, len(document["candidates"]) + 1)
    )
    assert finished.said, "progress goes to stderr"


def test_a_wrong_body_is_improved_and_is_a_candidate_itself(folder: Folder):
    finished = folder.run("generate", "numbers_.py::below", "--json")
    assert finished.status == 0, finished.stderr
    present = [
        candidate
        for candidate in finished.document["candidates"]
        if candidate["diff"] == ""
    ]
    assert [each["passed"] for each in present] == [0]


def test_the_ranking_for_people_holds_the_evidence(folder: Folder):
    finished = folder.run("generate", "numbers_.py::double")
    assert finished.status == 0
    assert "1. passes 3 of 3 tests" in finished.text
    assert " ms" in finished.text
    assert "critic 5 of 5" in finished.text
    assert "+++ b/numbers_.py" in finished.text
    assert "sandbox tier" in finished.text
    assert "\x1b" not in finished.text, "no color where nobody looks"


@pytest.mark.parametrize(("eol", "end"), [(b"\n", False), (b"\r\n", True)])
def test_the_diff_is_one_that_git_applies(tmp_path: Path, eol: bytes, end: bool):
    stub = STUB.partition("\n\n\ndef below")[0] + ("\n" if end else "")
    stub = stub.replace("Numbers.", "Zähler.")
    tests = TESTS.partition("\n\n\ndef test_below")[0].replace("below, ", "") + "\n"
    folder = Folder(
        tmp_path,
        {
            "numbers_.py": stub.encode().replace(b"\n", eol),
            "test_numbers_.py": tests,
        },
    )
    finished = folder.run("generate", "numbers_.py::double", "--diff")
    assert finished.status == 0, finished.stderr
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"],
        input=finished.stdout,
        cwd=folder.root,
        check=True,
    )
    patched = folder.read("numbers_.py")
    assert patched.count(b"\n") == patched.count(eol)
    command = [sys.executable, "-Bm", "pytest", "-qp", "no:cacheprovider"]
    subprocess.run(command, cwd=folder.root, check=True, capture_output=True)


def test_write_changes_the_body_and_nothing_else(folder: Folder):
    before = folder.snapshot()
    (folder.root / "numbers_.py").chmod(0o640)
    finished = folder.run("generate", "numbers_.py::double", "--write")
    assert finished.status == 0, finished.stderr
    after = folder.snapshot()
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"numbers_.py"}
    head, _, rest = STUB.partition("    ...\n")
    written = after["numbers_.py"].decode()
    assert written.startswith(head)
    assert written.endswith(rest)
    assert (folder.root / "numbers_.py").stat().st_mode & 0o777 == 0o640


def test_verify_runs_one_given_body(folder: Folder):
    body = folder.write("../body.py", "return x + x\n")
    finished = folder.run(
        "verify", "numbers_.py::double", "--candidate", str(body), "--json"
    )
    assert finished.status == 0, finished.stderr
    (candidate,) = finished.document["candidates"]
    assert candidate["passed"] == 3
    assert candidate["diff"].count("\n+") == 2, "the header's line and the body's"


@pytest.mark.parametrize(
    ("body", "status", "passed"),
    [
        ("return x + 1", 1, 1),
        ("import undefined_module\nreturn 1", 2, 0),
    ],
)
def test_the_status_is_that_of_the_best_candidate(
    folder: Folder, body: str, status: int, passed: int
):
    file = folder.write("../body.py", body)
    finished = folder.run(
        "verify", "numbers_.py::double", "--candidate", str(file), "--json"
    )
    assert (finished.status, finished.best["passed"]) == (status, passed)


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("while True: pass", "timeout"),
        ("return len(bytearray(1 << 30))", "memory"),
        ("import os\nos._exit(0)", "crash"),
    ],
)
def test_a_hostile_body_is_a_verdict(folder: Folder, body: str, verdict: str):
    folder.write("pyproject.toml", "[tool.orps.tests]\ntimeoutSeconds = 0.5\n")
    file = folder.write("../body.py", body)
    finished = folder.run(
        "verify", "numbers_.py::double", "--candidate", str(file), "--json"
    )
    assert finished.status == 2, finished.stderr
    assert set(finished.best["verdicts"].values()) == {verdict}


def test_a_flood_of_output_is_stopped(folder: Folder):
    file = folder.write("../body.py", "for _ in range(100): print('x' * 1_000_000)")
    finished = folder.run(
        "verify", "numbers_.py::double", "--candidate", str(file), "--json"
    )
    assert finished.status == 2, finished.stderr
    assert "passed" not in finished.best["verdicts"].values()
    assert len(finished.stdout) < 100_000


def test_a_body_that_has_no_place_is_the_request_s_fault(folder: Folder):
    file = folder.write("../body.py", "def other(:\n")
    finished = folder.run("verify", "numbers_.py::double", "--candidate", str(file))
    assert finished.status == 3
    assert "does not fit double" in finished.stderr


def test_prompt_shows_what_would_be_sent(folder: Folder):
    finished = folder.run(
        "prompt", "numbers_.py::double", "--base-url", "http://127.0.0.1:9/v1"
    )
    assert finished.status == 0, finished.stderr
    assert "# endpoint: http://127.0.0.1:9/v1" in finished.text
    files = r"# files: numbers_\.py \(\d+ bytes\), test_numbers_\.py \(\d+ bytes\)"
    assert re.search(files, finished.text)
    assert '"""Twice x."""' in finished.text
    assert "assert double(x) == y" in finished.text


def test_doctor_finds_the_interpreter_and_runs_a_test_in_it(folder: Folder):
    finished = folder.run_raw(["doctor", "--json", "--python", sys.executable])
    assert finished.status == 0, finished.text
    checks = {check["name"]: check for check in finished.document["checks"]}
    assert sys.executable in checks["interpreter"]["finding"]
    assert "pytest" in checks["sandbox"]["finding"]
    assert "offline" in checks["endpoint"]["finding"]


def test_doctor_never_shows_the_key(folder: Folder):
    finished = folder.run_raw(["doctor"], extra={"OPENAI_API_KEY": "sk-secret"})
    assert "OPENAI_API_KEY is set" in finished.text
    assert "secret" not in finished.text + finished.stderr


def test_schema_is_one_document(folder: Folder):
    finished = folder.run_raw(["schema"])
    assert finished.status == 0
    assert "orps.llm.model" in finished.document["properties"]


def test_a_closed_pipe_is_silent(folder: Folder):
    with folder.started("schema") as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_a_terminal_gets_color_and_the_same_words(folder: Folder):
    arguments = ("generate", "numbers_.py::double", "--python", sys.executable)
    ours, theirs = os.openpty()
    with folder.started(*arguments, terminal=theirs) as process:
        os.close(theirs)
        shown = b"".join(read_terminal(ours))
        assert process.wait() == 0
    text = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", shown).decode()
    assert text != shown.decode(), "there is color"
    assert "1. passes 3 of 3 tests" in text
    assert "+++ b/numbers_.py" in text


def read_terminal(handle: int) -> Iterator[bytes]:
    """Until the other side closes, which Linux reports as an error."""
    with suppress(OSError):
        while chunk := os.read(handle, 65536):
            yield chunk
    os.close(handle)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_shows_what_there_is_and_leaves_nothing(
    folder: Folder, signum: signal.Signals
):
    # One test that nothing passes keeps the search going for its whole minute.
    folder.write(
        "test_numbers_.py",
        "from numbers_ import below\n\n\n"
        "def test_never():\n    assert below(1, 2) == 'never'\n",
    )
    arguments = ("generate", "numbers_.py::below", "--json", "--python", sys.executable)
    with folder.started(*arguments) as process:
        assert process.stderr
        for line in process.stderr:
            if b"best so far" in line:
                break
        process.send_signal(signum)
        stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 130, stderr
    document = json.loads(stdout)
    assert document["stop_reason"] == "cancelled"
    assert document["candidates"]
    assert b"Traceback" not in stderr
    folder.require_nothing_left()
