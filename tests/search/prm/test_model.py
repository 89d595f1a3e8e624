"""Training, saving, loading, and the model in the critic's seat."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from orps_search.candidate import Critique
from orps_search.offline import OfflineCritic
from orps_search.prm.critic import BothCritics, PrmCritic
from orps_search.prm.features import features
from orps_search.prm.model import LineModel, PrmError, evaluate, train
from orps_search.prm.rows import BadRow, Example, examples_of
from support.offline import offline_problem
from support.searching import outcome, state

CODE = "def f(a):\n    b = a + 1\n    return b\n"


def row(problem: int, step: str, label: bool, *, operator: str = "constant") -> str:
    return json.dumps(
        {
            "prompt": "def f(a):\n",
            "completions": ["    b = a + 1\n", step],
            "labels": [True, label],
            "problem": f"p{problem}",
            "operator": operator,
            "cases": 3,
            "executed": [3, 2],
        }
    )


def examples() -> list[Example]:
    """Right steps return what was computed, wrong ones a name that nobody knows."""
    rows = [
        text
        for problem in range(40)
        for text in (
            row(problem, "    return b\n", True, operator="original"),
            row(problem, f"    return unknown_{problem}\n", False),
        )
    ]
    return list(examples_of(rows))


def test_only_the_changed_step_of_a_mutant_counts():
    (wrong,) = examples_of([row(1, "    return 7\n", False)])
    assert (wrong.step, wrong.label, wrong.position) == ("    return 7\n", False, 1)
    assert wrong.prefix == "def f(a):\n    b = a + 1\n"
    assert (
        len(list(examples_of([row(1, "    return b\n", True, operator="original")])))
        == 2
    )
    for bad in ("{}", "nonsense", '{"prompt": "", "completions": [], "labels": []}'):
        with pytest.raises(BadRow, match="line 1"):
            list(examples_of([bad]))


@pytest.mark.parametrize("step", ["", "else:\n", "  if (\n", "    x: int\n", "é = 1\n"])
def test_anything_has_the_same_features(step: str):
    (known, *_) = examples()
    odd = Example(
        problem="",
        prefix="",
        step=step,
        label=True,
        n_cases=0,
        n_executing=0,
        position=0,
    )
    assert features(odd).keys() == features(known).keys()


def test_a_model_learns_is_saved_and_scores_the_same(tmp_path: Path):
    found = evaluate(examples())
    assert found.model.value > 0.95 > found.position.value
    assert found.n_test_problems == 12
    model = train(examples())
    model.save(tmp_path / "m.json", found)
    loaded = LineModel.load(tmp_path / "m.json")
    assert loaded.scores(examples()) == pytest.approx(model.scores(examples()))
    document = json.loads((tmp_path / "m.json").read_text())
    assert document["schema"] == "orps.prm/1"


def test_what_is_no_model_is_refused(tmp_path: Path):
    with pytest.raises(PrmError, match="cannot be read"):
        LineModel.load(tmp_path / "none.json")
    (tmp_path / "other.json").write_text('{"schema": "x"}')
    with pytest.raises(PrmError, match="schema"):
        LineModel.load(tmp_path / "other.json")
    with pytest.raises(PrmError, match="all the same"):
        train([each for each in examples() if each.label])


class Fixed:
    """Scores each step by whether it mentions a name."""

    def scores(self, examples: Sequence[Example]) -> list[float]:
        return [0.1 if "+ 1" in each.step else 0.9 for each in examples]


async def test_the_critic_rates_by_the_weakest_line_and_names_it():
    problem = offline_problem("def f(a):\n    ...\n", "f", "")
    candidate = replace(state("c1"), code=CODE, outcome=outcome(True))
    lines = PrmCritic(Fixed())
    critique, usage = await lines.review(problem, candidate)
    assert isinstance(critique, Critique)
    assert usage.requests == 0
    assert critique.process_reward == 1
    assert "`b = a + 1` (10% likely right)" in critique.text
    both, _ = await BothCritics(lines, OfflineCritic()).review(problem, candidate)
    assert isinstance(both, Critique)
    assert both.process_reward == 3
    assert "doubts" in both.text
