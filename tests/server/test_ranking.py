from dataclasses import replace

from orps_sandbox.flakiness import FlakyCase
from orps_sandbox.outcome import CaseStatus, Judge
from orps_search.candidate import Critique
from orps_server.cli.ranking import ranking_text
from orps_server.cli.status import ExitStatus, status_of
from support import results
from support.costs import costs

PASSED, FAILED, SKIPPED = CaseStatus.PASSED, CaseStatus.FAILED, CaseStatus.SKIPPED


def test_a_ranking_in_words():
    critique = Critique(text="Twice is\nright.", process_reward=5)
    text = ranking_text(
        results.result(
            [
                results.candidate(PASSED, PASSED, critique=critique),
                results.candidate(PASSED, FAILED, name="c2"),
            ]
        )
    )
    assert text == (
        "double in m.py: 2 candidates by offline, 2 tests\n"
        "\n"
        "1. passes 2 of 2 tests, 2.0 ms, 3.0 MiB, critic 5 of 5\n"
        "   Twice is right.\n"
        "2. passes 1 of 2 tests, 2.0 ms, 3.0 MiB\n"
        "   failed test_m.py::test_two: assert 3 == 4\n"
        "\n"
        "--- a/m.py\n"
        "+++ b/m.py\n"
        "@@ -1,3 +1,3 @@\n"
        " def double(x):\n"
        '     """Twice x."""\n'
        "-    ...\n"
        "+    return 2 * x\n"
        "\n"
        "stopped: accepted; 2 executions; 1.2 s; sandbox tier C (limits only)\n"
    )


def test_a_verdict_that_could_be_forged_and_a_flaky_test_are_named():
    flaky = FlakyCase(id="test_m.py::test_odd", n_passed=1, n_runs=3)
    text = ranking_text(
        results.result(
            [results.candidate(PASSED, PASSED, judge=Judge.IN_PROCESS)],
            replace(results.problem(), flaky=(flaky,)),
        )
    )
    assert "test_m.py::test_odd is flaky: it passed 1 of 3 times\n" in text
    assert "1. passes 2 of 2 tests, 2.0 ms, 3.0 MiB, judge: in-process\n" in text


def test_costs_are_told_in_words():
    best = replace(
        results.candidate(PASSED, PASSED), costs=costs(0.012, instructions=1200)
    )
    text = ranking_text(results.result([best]))
    assert "   measured: CPU 12.0 ± 0.5 ms, 1,200 instructions by a test\n" in text
    quick = replace(best, costs=costs(0.0004))
    assert "   measured: CPU within the noise of ± 0.5 ms\n" in ranking_text(
        results.result([quick])
    )
    unknown = replace(best, costs=costs(None))
    assert "   measured: nobody looked\n" in ranking_text(results.result([unknown]))


def test_nothing_found_is_said():
    text = ranking_text(results.result([]))
    assert text.startswith("double in m.py: 0 candidates by offline, 2 tests\n")
    assert "---" not in text


def test_long_rankings_and_critiques_are_cut():
    critique = Critique(text="word " * 1000, process_reward=None)
    many = [
        results.candidate(PASSED, PASSED, name=f"c{number}", critique=critique)
        for number in range(20)
    ]
    text = ranking_text(results.result(many))
    assert "and 15 more; see --json" in text
    assert "6. passes" not in text
    assert max(map(len, text.splitlines())) < 120
    assert len(text.splitlines()) < 60


def test_the_status_is_that_of_the_best():
    assert status_of([]) is ExitStatus.NOTHING
    assert status_of([results.candidate(FAILED, FAILED)]) is ExitStatus.NOTHING
    assert status_of([results.candidate(PASSED, FAILED)]) is ExitStatus.PARTIAL
    assert status_of([results.candidate(PASSED, PASSED)]) is ExitStatus.SOLVED
    assert status_of([results.candidate(PASSED, SKIPPED)]) is ExitStatus.SOLVED
    assert status_of([results.candidate(SKIPPED, SKIPPED)]) is ExitStatus.NOTHING
