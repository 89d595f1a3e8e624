import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from orps_server.bench.plot import svg_plot, text_plot
from orps_server.bench.result import (
    OWN,
    Pick,
    Run,
    RunKey,
    Step,
    run_from_json,
    run_to_json,
)
from orps_server.bench.results_file import ResultsFile
from orps_server.bench.statistics import mean_curve, policy_rows
from orps_server.bench.tables import tables
from orps_server.errors import RequestFault


def run(
    task: str,
    policy: str = "opal",
    *,
    solved_at: int | None,
    budget: int = 10,
    seed: int = 0,
    false: bool = False,
) -> Run:
    solved = solved_at is not None
    steps = [Step(calls=1, visible=False, solved=False)]
    if solved_at is not None:
        steps.append(Step(calls=solved_at, visible=True, solved=True))
    return Run(
        key=RunKey(task=task, model="", policy=policy, budget=budget, seed=seed),
        benchmark="small",
        picks={OWN: Pick(visible=solved or false, solved=solved)},
        curve=tuple(steps),
        calls=budget,
        tokens=100,
        executions=3,
        calls_to_pass=solved_at,
        stop_reason="rounds",
        code="",
        cpu_seconds=0.5,
        tier="A",
    )


def test_a_row_is_the_mean_over_problems_of_the_means_over_seeds():
    runs = [
        run("a", solved_at=2, seed=0),
        run("a", solved_at=None, seed=1),
        run("b", solved_at=4, seed=0),
        run("c", solved_at=None, false=True),
    ]
    (row,) = policy_rows(runs, reference="opal")
    own = row.picks[OWN]
    assert own.solved.mean == pytest.approx((0.5 + 1 + 0) / 3)
    assert own.false_accepts.mean == pytest.approx(1 / 3)
    assert own.visible == pytest.approx((0.5 + 1 + 1) / 3)
    assert own.solved.low <= own.solved.mean <= own.solved.high
    assert row.calls_to_pass == 3
    assert (row.n_problems, row.n_runs) == (3, 4)
    assert row.compared is None
    assert own.wrong_of_shown == pytest.approx((1 / 3) / own.visible)


def test_differences_are_paired_by_problem():
    easy = [f"easy{number}" for number in range(20)]
    hard = [f"hard{number}" for number in range(20)]
    ours = [run(t, "opal", solved_at=1) for t in easy]
    ours += [run(t, "opal", solved_at=None) for t in hard]
    theirs = [replace(r, key=replace(r.key, policy="bon")) for r in ours]
    rows = {row.policy: row for row in policy_rows([*ours, *theirs], reference="opal")}
    assert rows["bon"].compared is not None
    difference = rows["bon"].compared.solved
    # Unpaired it would be 15 points wide.
    assert (difference.low, difference.mean, difference.high) == (0, 0, 0)
    assert rows["bon"].picks[OWN].solved.high - rows["bon"].picks[OWN].solved.low > 0.2


def test_calls_are_compared_where_both_came_to_a_candidate_that_passes():
    ours = [run(t, "opal", solved_at=at) for t, at in [("a", 1), ("b", 4), ("c", None)]]
    theirs = [run(t, "rex", solved_at=at) for t, at in [("a", 2), ("b", 8), ("c", 5)]]
    theirs = [replace(each, calls=5) for each in theirs]
    rows = {row.policy: row for row in policy_rows([*ours, *theirs], reference="opal")}
    found = rows["rex"].compared
    assert found is not None
    assert found.n_both_passed == 2
    assert found.calls_to_pass is not None
    assert found.calls is not None
    # Ten for five; a resample without `c` is the same.
    assert (found.calls_to_pass.low, found.calls_to_pass.high) == (2, 2)
    assert (found.calls.low, found.calls.mean, found.calls.high) == (0.5, 0.5, 0.5)
    assert found.solved.mean == pytest.approx(1 / 3)
    nothing = [run("a", "opal", solved_at=None), run("a", "rex", solved_at=2)]
    (_, row) = policy_rows(nothing, reference="opal")
    assert row.compared is not None
    assert row.compared.calls_to_pass is None


def test_false_accepts_and_pickers_are_compared_with_intervals():
    right, wrong = Pick(visible=True, solved=True), Pick(visible=True, solved=False)
    both = {OWN: right, "plurality": wrong}
    ours = [replace(run(f"{n}", solved_at=1), picks=both) for n in range(4)]
    theirs = [run(f"{n}", "bon", solved_at=None, false=True) for n in range(4)]
    rows = policy_rows([*ours, *theirs], reference="opal")
    assert rows[1].compared is not None
    assert rows[1].compared.false_accepts.low == 1
    plurality = rows[0].picks["plurality"]
    assert plurality.own_minus is not None
    assert plurality.own_minus.low == plurality.own_minus.mean == 1
    text = tables(rows, reference="opal")
    assert "beside opal, paired by problem, with 95 % intervals" in text
    assert "own 100.0 0.0;  plurality 0.0 100.0" in text
    assert re.search(r"opal +\+100\.0 \(\+100\.0 to \+100\.0\)\n", text)


def test_area_and_curve():
    solved = run("a", solved_at=3)
    assert solved.area == pytest.approx(8 / 10)
    assert run("a", solved_at=None).area == 0
    late = run("a", solved_at=10)
    assert late.area == pytest.approx(1 / 10)
    # Nothing that could be placed came back.
    assert replace(solved, curve=()).area == 0
    assert mean_curve([solved, run("b", solved_at=None)], 10) == (0,) * 2 + (0.5,) * 8


def test_a_run_survives_its_line():
    original = run("a", solved_at=3)
    assert run_from_json(json.loads(json.dumps(run_to_json(original)))) == original


def test_results_go_on_after_a_line_that_was_cut_off(tmp_path: Path):
    results = ResultsFile.open(tmp_path / "out", source="s")
    results.add([run("a", solved_at=3), run("b", solved_at=None)])
    file = tmp_path / "out" / "results.jsonl"
    file.write_text(file.read_text()[:-20])
    again = ResultsFile.open(tmp_path / "out", source="s")
    assert [key.task for key in again.runs] == ["a"]
    again.add([run("b", solved_at=None)])
    assert len(ResultsFile.open(tmp_path / "out", source="s").runs) == 2


def test_results_of_another_source_are_not_mixed_in(tmp_path: Path):
    ResultsFile.open(tmp_path, source="one")
    with pytest.raises(RequestFault, match="one, not of other"):
        ResultsFile.open(tmp_path, source="other")


def test_plots_name_every_policy():
    curves = {"opal": (0.1, 0.5, 0.6), "bon": (0.1, 0.3, 0.3)}
    text = text_plot(curves, title="solved")
    assert re.search(r"o opal +x bon", text)
    assert max(map(len, text.splitlines())) < 80
    root = ET.fromstring(svg_plot(curves, title="<solved>"))
    words = " ".join(root.itertext())
    assert "opal 60.0 %" in words
    assert "<solved>" in words
