"""Candidates that misbehave: each ends in a verdict, and an honest one runs after."""

from dataclasses import replace
from pathlib import Path

import pytest

from orps_sandbox.executor import open_executor
from orps_sandbox.limits import MIB
from orps_sandbox.outcome import Termination, Tier
from support.sandbox_projects import (
    HONEST,
    LIMITS,
    Verdict,
    processes_mentioning,
    run,
    run_once,
    write_stub,
)


async def run_then_honest(
    tmp_path: Path, candidate: str, *, tier: Tier | None = None, **changes: float
) -> Verdict:
    """Run `candidate`; the same executor must then pass an honest one."""
    project = write_stub(tmp_path)
    limits = replace(LIMITS, **changes)
    async with open_executor(project, limits=limits, slots=1, tier=tier) as executor:
        verdict = await run(executor, candidate)
        # Four honest cases, whose limits the tight ones here must not touch.
        honest = await run(executor, HONEST)
        assert honest.words == ["passed"] * 4
    assert processes_mentioning(str(tmp_path.name)) == []
    return verdict


async def test_loop_in_python(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path, "def solve(x):\n    while True: pass\n", case_seconds=1.0
    )
    assert verdict.words == ["timeout"] * 4
    assert "took longer than 1 s" in verdict.outcome.cases[0].message
    assert "while True: pass" in verdict.outcome.cases[0].message
    assert "not run" in verdict.outcome.cases[3].message
    assert verdict.outcome.termination is Termination.TIMED_OUT


async def test_loop_in_c_of_one_case_spares_the_others(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        "def solve(x):\n    return 9 ** (9 ** 9) if x == 10 else 2 * x\n",
        case_seconds=2.0,
    )
    assert verdict.words == ["passed", "timeout", "passed", "passed"]
    assert verdict.outcome.termination is Termination.TIMED_OUT


async def test_sleep_that_ignores_the_alarm_and_stops_itself(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        """
        import os, signal, time

        def solve(x):
            if x == 3:
                signal.setitimer(signal.ITIMER_REAL, 0)
                time.sleep(1000)
            if x == 10:
                os.kill(os.getpid(), signal.SIGSTOP)
            return 2 * x
        """,
        case_seconds=2.0,
    )
    assert verdict.words == ["timeout", "timeout", "passed", "passed"]


async def test_whole_run_has_a_wall_limit(tmp_path: Path):
    verdict = await run_once(
        write_stub(tmp_path),
        "import time\ntime.sleep(1000)\n",
        limits=replace(LIMITS, wall_seconds=2.0),
    )
    assert set(verdict.words) == {"timeout"}
    assert "did not end within 2 s" in verdict.outcome.detail


async def test_cpu_limit(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path, "def solve(x):\n    while True: pass\n", cpu_seconds=1.0
    )
    assert verdict.words[0] == "timeout"
    assert "CPU" in verdict.outcome.cases[0].message


async def test_memory(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        """
        kept = []

        def solve(x):
            if x == 3:
                bytearray(1 << 30)
            if x == 10:
                while True:
                    kept.append(bytearray(1 << 20))
            kept.clear()
            return 2 * x
        """,
    )
    assert verdict.words[:2] == ["memory", "memory"]
    assert verdict.outcome.termination is Termination.OUT_OF_MEMORY
    peak = verdict.outcome.profile.peak_memory_bytes
    assert peak is not None
    assert peak < LIMITS.memory_bytes + 128 * MIB


async def test_output_flood_is_cut_off(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        """
        def solve(x):
            for _ in range(100):
                print("x" * 1_000_000)
            return 2 * x
        """,
    )
    assert set(verdict.words) == {"crash"}
    assert verdict.outcome.termination is Termination.OUTPUT_LIMIT
    assert len(verdict.outcome.output) == LIMITS.kept_output_bytes


async def test_output_of_any_bytes_is_kept_at_its_end(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        """
        import os

        def solve(x):
            os.write(1, b"\\xff\\x1b[2J" + b"y" * 100_000 + b"end")
            return 2 * x
        """,
    )
    assert verdict.words == ["passed"] * 4
    assert verdict.outcome.output.endswith("yyend")
    assert len(verdict.outcome.output) == LIMITS.kept_output_bytes


async def test_deaths_of_the_process(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        """
        import ctypes, os, sys

        def solve(x):
            if x == 3:
                os._exit(0)
            if x == 10:
                sys.exit(0)
            if x == 0:
                ctypes.string_at(0)
            return 2 * x
        """,
    )
    assert verdict.words == ["crash", "crash", "crash", "passed"]
    assert "ended the interpreter" in verdict.outcome.cases[0].message
    assert "SIGSEGV" in verdict.outcome.cases[2].message
    assert verdict.outcome.termination is Termination.CRASHED


async def test_ends_of_the_session_do_not_end_the_other_cases(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        """
        import pytest

        def solve(x):
            if x == 3:
                pytest.exit("done", returncode=0)
            if x == 10:
                raise KeyboardInterrupt
            return 2 * x
        """,
    )
    # The first is an exception like any other to a judge that it cannot reach.
    assert verdict.words == ["failed", "crash", "passed", "passed"]


async def test_exit_at_import_is_no_pass(tmp_path: Path):
    verdict = await run_then_honest(tmp_path, "import sys\nsys.exit(0)\n")
    assert set(verdict.words) <= {"error", "crash"}
    verdict = await run_once(write_stub(tmp_path), "import os\nos._exit(0)\n")
    assert set(verdict.words) == {"crash"}
    assert "ended the interpreter" in verdict.outcome.detail


async def test_endless_recursion_is_a_failure(tmp_path: Path):
    verdict = await run_then_honest(tmp_path, "def solve(x):\n    return solve(x)\n")
    assert verdict.words == ["failed"] * 4
    assert "RecursionError" in verdict.outcome.cases[0].message


@pytest.mark.parametrize("detach", ["pass", "os.setsid()", "os.fork() and os._exit(0)"])
async def test_processes_left_behind_are_gone(tmp_path: Path, detach: str):
    verdict = await run_then_honest(
        tmp_path,
        f"""
        import os, time

        def solve(x):
            if os.fork() == 0:
                {detach}
                time.sleep(1000)
            return 2 * x
        """,
    )
    assert verdict.words == ["passed"] * 4


async def test_too_many_processes(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        """
        import os, time

        def solve(x):
            for _ in range(30):
                if os.fork() == 0:
                    time.sleep(1000)
            time.sleep(5)
        """,
    )
    assert verdict.words == ["crash"] * 4
    assert verdict.outcome.termination is Termination.PROCESS_LIMIT


async def test_worker_killed_or_stopped_by_the_candidate(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        """
        import os, signal

        def solve(x):
            if x == 3:
                os.kill(os.getppid(), signal.SIGKILL)
                signal.pause()
            return 2 * x
        """,
        tier=Tier.C,  # in others, signals do not get that far
    )
    assert verdict.words == ["crash", "passed", "passed", "passed"]
    assert "broke the process" in verdict.outcome.cases[0].message


async def test_garbage_in_every_descriptor(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        """
        import os, time

        def solve(x):
            if x == 3:
                for fd in range(3, 64):
                    try:
                        os.write(fd, b'\\x00\\x00\\x00\\x02{}')
                    except OSError:
                        pass
                time.sleep(5)
            return 2 * x
        """,
    )
    assert verdict.words == ["crash", "passed", "passed", "passed"]
    assert "protocol of the judge" in verdict.outcome.cases[0].message


async def test_large_files_are_refused(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        """
        import tempfile

        def solve(x):
            with tempfile.TemporaryFile() as file:
                file.write(b"x" * 50_000_000)
            return 2 * x
        """,
    )
    assert verdict.words == ["failed"] * 4
    assert "File too large" in verdict.outcome.cases[0].message


async def test_no_secret_and_no_input_reaches_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    verdict = await run_then_honest(
        tmp_path,
        """
        import os, sys

        def solve(x):
            print(sorted(os.environ.items()))
            assert sys.stdin.read() == ""
            return 2 * x
        """,
    )
    assert verdict.words == ["passed"] * 4
    assert "PYTHONHASHSEED" in verdict.outcome.output
    assert "sk-secret" not in verdict.outcome.output


async def test_patched_world_is_not_seen_by_the_next_run(tmp_path: Path):
    verdict = await run_then_honest(
        tmp_path,
        """
        import builtins, json, os, time

        json.dumps = json.JSONEncoder = None
        time.perf_counter = time.monotonic = lambda: 0
        os.write = os._exit = lambda *args: 0

        def solve(x):
            builtins.sum = None
            return 2 * x
        """,
    )
    assert verdict.words == ["passed"] * 4
