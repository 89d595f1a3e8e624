"""The paper's measures, against numbers that were worked out by hand."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from orps_server.bench.efficiency import (
    CAP,
    MEASURES,
    Amounts,
    measures,
    percentages,
    relative,
)
from orps_server.bench.measuring import load_stress_calls
from orps_server.bench.result import OWN, Pick, Run, RunKey
from orps_server.bench.results_file import ResultsFile
from orps_server.errors import RequestFault
from support.bench_data import DOUBLE_RIGHT, PROBLEMS, write_lines

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "orps_metrics.py"
REFERENCE = Amounts(
    values={
        "time": 0.020,
        "instructions": 4_000_000,
        "branch_misses": 200,
        "page_faults": 50,
        "lines": 8,
        "ast_nodes": 60,
        "cyclomatic": 4,
        "cognitive": 5,
    }
)
PROGRAM = Amounts(
    values={
        "time": 0.030,  # 0.030 / 0.020 = 1.5
        "instructions": 1_000_000,  # 1 / 4 = 0.25
        "branch_misses": 2_600,  # 13 times as many, capped
        "page_faults": 50,  # as many
        "lines": 6,  # 6 / 8 = 0.75
        "ast_nodes": 75,  # 75 / 60 = 1.25
        "cyclomatic": 6,  # 6 / 4 = 1.5
        "cognitive": 2,  # 2 / 5 = 0.4
    }
)
SHARES = {
    "time": 1.5,
    "instructions": 0.25,
    "branch_misses": 10.0,
    "page_faults": 1.0,
    "lines": 0.75,
    "ast_nodes": 1.25,
    "cyclomatic": 1.5,
    "cognitive": 0.4,
}


@pytest.mark.parametrize("name", MEASURES)
def test_each_measure_is_a_share_of_the_reference(name: str):
    assert measures(PROGRAM, REFERENCE)[name] == pytest.approx(SHARES[name])


@pytest.mark.parametrize(
    ("amount", "reference", "share"),
    [(3, 2, 1.5), (40, 4, 10), (41, 4, CAP), (0, 4, 0), (0, 0, 1), (2, 0, CAP)],
)
def test_shares_are_capped_and_nothing_is_as_good_as_nothing(
    amount: float, reference: float, share: float
):
    assert relative(amount, reference) == share


def test_what_was_not_measured_of_both_is_no_measure():
    partial = Amounts(values={"time": 0.01, "lines": 4})
    assert measures(partial, REFERENCE) == {"time": 0.5, "lines": 0.5}
    assert measures(PROGRAM, partial) == {"time": 3.0, "lines": 1.5}


def test_a_program_that_does_not_get_through_costs_the_cap():
    slow = Amounts(values={"lines": 4}, is_too_slow=True)
    found = measures(slow, REFERENCE)
    assert found == {
        "time": CAP,
        "instructions": CAP,
        "branch_misses": CAP,
        "page_faults": CAP,
        "lines": 0.5,
    }


def test_a_table_has_means_in_percent():
    # (1.5 + 0.5) / 2 = 1; (0.75 + 1.25 + 1) / 3 = 1; (2) / 1 = 2
    programs = [{"time": 1.5, "lines": 0.75}, {"time": 0.5, "lines": 1.25}]
    found = percentages([*programs, {"lines": 1.0, "cognitive": 2.0}])
    assert found == pytest.approx({"time": 100, "lines": 100, "cognitive": 200})


def test_stress_calls_that_are_none_are_a_fault(tmp_path: Path):
    file = tmp_path / "s.json"
    file.write_text('{"t": [{"call": "f(1)", "reference_ms": 2.0}]}')
    assert load_stress_calls(file) == {"t": ["f(1)"]}
    file.write_text('{"t": ["f(1)"]}')
    with pytest.raises(RequestFault, match="no stress calls"):
        load_stress_calls(file)


@pytest.mark.slow
def test_a_bench_run_becomes_the_table_of_the_paper(tmp_path: Path):
    longer = (
        "def double(x):\n    y = x\n    if y == y:\n        y = y * 2\n    return y\n"
    )
    run = Run(
        key=RunKey(task="small/double", model="", policy="opal", budget=5, seed=0),
        benchmark="small",
        picks={OWN: Pick(visible=True, solved=True)},
        curve=(),
        calls=1,
        tokens=1,
        executions=1,
        calls_to_pass=1,
        stop_reason="solved",
        code=longer,
        cpu_seconds=0.0,
        tier="A",
    )
    wrong = replace(
        run,
        key=replace(run.key, task="small/largest"),
        picks={OWN: Pick(visible=True, solved=False)},
    )
    ResultsFile.open(tmp_path / "run", source="s").add([run, wrong])
    problems = write_lines(tmp_path / "p.jsonl", PROBLEMS[:2])
    stress = {"small/double": [{"call": "double(list(range(10**5)))"}]}
    (tmp_path / "stress_calls.json").write_text(json.dumps(stress))
    command = [sys.executable, str(SCRIPT), str(tmp_path / "run"), str(problems)]
    (row,) = json.loads(subprocess.check_output([*command, "--json"]))
    assert (row["policy"], row["solved"], row["measured"]) == ("opal", 50.0, 1)
    # Three statements more, a branch where there was none, and about the same time.
    assert PROBLEMS[0]["reference"] == DOUBLE_RIGHT
    assert row["lines"] > 100
    assert row["ast_nodes"] > 100
    assert row["cyclomatic"] == pytest.approx(100 * 2 / 1)
    assert 20 < row["time"] < 500
