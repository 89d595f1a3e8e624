"""Whole benches, with the real sandbox."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from orps_search.policies import POLICIES
from orps_server.bench.command import Report, Request, run_bench
from orps_server.bench.result import OWN
from orps_server.cli.counting import LineProgress
from orps_server.errors import RequestFault
from orps_server.settings import Settings, settings_from_json
from orps_server.spread.work import Place
from support.bench_data import PROBLEMS, REPLAY, SENTINEL, write_lines
from support.replay_answers import Answer, ChatRequest, Fault
from support.replay_endpoint import ReplayEndpoint

pytestmark = pytest.mark.slow

SNOOP = f"""\
def double(x):
    import os, sys
    for folder in ("/tmp", *sys.path, os.getcwd(), os.path.dirname(os.getcwd())):
        for place, _, names in os.walk(folder):
            if place.count("/") > 6:
                continue
            for name in names:
                if not name.endswith((".py", ".jsonl", ".txt")):
                    continue
                try:
                    with open(os.path.join(place, name)) as file:
                        if "{SENTINEL[:6]}" + "-" + "{SENTINEL[7:]}" in file.read():
                            return "found"
                except (OSError, UnicodeDecodeError):
                    pass
    return 4
"""


def settings(**overrides: object) -> Settings:
    named = {name.replace("__", "."): value for name, value in overrides.items()}
    made, faults = settings_from_json(
        {"interpreter": sys.executable, "sandbox.workers": 1} | named
    )
    assert not faults
    return made


def request(tmp_path: Path, **changes: object) -> Request:
    base = Request(
        data_sets=(write_lines(tmp_path / "p.jsonl", PROBLEMS),),
        replays=(write_lines(tmp_path / "r.jsonl.gz", REPLAY),),
        policies=("opal", "bon"),
        reference=None,
        budgets=(2, 10),
        n_seeds=2,
        place=Place(workers=2),
        limit=None,
        out=None,
    )
    return replace(base, **changes)


def without_times(report: Report) -> dict[str, object]:
    document = json.loads(report.json_text())
    del document["nodes"]
    for row in document["rows"]:
        del row["cpu_seconds"]
    return document


async def test_a_bench_scores_by_hidden_tests_and_goes_on_from_its_results(
    tmp_path: Path,
):
    wanted = request(tmp_path, out=tmp_path / "out")
    report = await run_bench(wanted, settings(), LineProgress())
    rows = {(row.policy, row.budget): row for row in report.rows}
    assert [row.n_problems for row in report.rows] == [5] * 4
    bon = rows["bon", 10]
    # All drafts of all problems are known then: nothing solves `shout`, and in `double`
    # and `largest` as many programs are falsely accepted as are right.
    assert bon.picks[OWN].solved.mean + bon.picks[OWN].false_accepts.mean == 0.8
    assert bon.passed == 0.8
    assert bon.calls == pytest.approx((4 + 4 + 3 + 2 + 2) / 5)
    assert bon.executions == pytest.approx((3 + 4 + 1 + 1 + 2) / 5)
    assert "plurality" in bon.picks
    assert rows["opal", 2].calls <= 2
    assert set(report.curves) == {"opal", "bon"}
    assert "at most 10 calls" in report.text()
    file = tmp_path / "out" / "results.jsonl"
    written = file.read_bytes()
    # Broken off in the middle: what is missing is played again, and nothing else.
    file.write_bytes(written[: len(written) // 2])
    n_kept = written[: len(written) // 2].count(b"\n")
    again = await run_bench(wanted, settings(), LineProgress())
    for before, after in zip(report.rows, again.rows, strict=True):
        assert replace(after, cpu_seconds=0.0) == replace(before, cpu_seconds=0.0)
    assert without_times(again) == without_times(report)
    assert file.read_bytes().startswith(b"".join(written.splitlines(True)[:n_kept]))


async def test_whom_others_are_compared_with_is_played_too(tmp_path: Path):
    wanted = request(
        tmp_path, policies=("cot",), reference="bon", budgets=(2,), n_seeds=1, limit=1
    )
    report = await run_bench(wanted, settings(), LineProgress())
    cot, bon = report.rows
    assert (cot.policy, bon.policy) == ("cot", "bon")
    assert cot.compared is not None
    assert bon.compared is None


async def test_two_recordings_of_one_model_are_two(tmp_path: Path):
    row = {"task_id": "small/double", "samples": ["def double(x):\n    return x * 2\n"]}
    other = row | {"samples": ["def double(x):\n    return x\n"]}
    wanted = request(
        tmp_path,
        replays=(write_lines(tmp_path / "twice.jsonl", [row, other]),),
        policies=("cot",),
        budgets=(1,),
        n_seeds=1,
    )
    report = await run_bench(wanted, settings(), LineProgress())
    assert (report.rows[0].n_problems, report.rows[0].n_runs) == (1, 2)
    assert report.rows[0].picks[OWN].solved.mean == 0.5


async def test_a_candidate_that_looks_for_the_hidden_tests_finds_none(tmp_path: Path):
    problem = dict(PROBLEMS[0]) | {"visible_tests": ["assert double(2) == 'found'"]}
    wanted = request(
        tmp_path,
        data_sets=(write_lines(tmp_path / "own.jsonl", [problem]),),
        replays=(
            write_lines(
                tmp_path / "answers.jsonl",
                [{"task_id": "small/double", "samples": [SNOOP]}],
            ),
        ),
        policies=("cot",),
        budgets=(1,),
        n_seeds=1,
    )
    report = await run_bench(wanted, settings(), LineProgress())
    assert report.rows[0].passed == 0


async def test_no_prompt_holds_hidden_tests(tmp_path: Path):
    seen: list[str] = []

    def answer(chat: ChatRequest) -> str:
        seen.append(chat.prompt)
        if chat.role == "critic":
            return "No.\n\nScore: 2/5\nAccept: no\n"
        return "```python\ndef double(x):\n    return x\n```\n"

    with ReplayEndpoint(answer) as endpoint:
        wanted = request(
            tmp_path,
            replays=(),
            policies=tuple(POLICIES),
            budgets=(4,),
            n_seeds=1,
            limit=1,
        )
        report = await run_bench(
            wanted, settings(llm__baseUrl=endpoint.url, llm__model="m"), LineProgress()
        )
    assert len(seen) > len(POLICIES)
    assert not [prompt for prompt in seen if SENTINEL in prompt]
    assert {row.calls for row in report.rows} <= {1, 2, 3, 4}
    assert all(row.tokens > 0 for row in report.rows)


async def test_a_model_that_declines_one_problem_is_asked_about_the_others(
    tmp_path: Path,
):
    def answer(chat: ChatRequest) -> Answer:
        if "largest" in chat.prompt:
            return Fault.CONTENT_FILTER
        return "```python\ndef double(x):\n    return x * 2\n```\n"

    with ReplayEndpoint(answer) as endpoint:
        wanted = request(
            tmp_path,
            data_sets=(write_lines(tmp_path / "two.jsonl", PROBLEMS[:2]),),
            replays=(),
            policies=("bon",),
            budgets=(2,),
            n_seeds=1,
        )
        report = await run_bench(
            wanted, settings(llm__baseUrl=endpoint.url, llm__model="m"), LineProgress()
        )
    (row,) = report.rows
    assert (row.n_problems, row.passed, row.calls) == (2, 0.5, 2)
    assert row.picks[OWN].solved.mean == 0.5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"policies": ("magic",)}, "no search policy 'magic'"),
        ({"reference": "magic"}, "no search policy 'magic'"),
        ({"replays": ()}, "nobody to answer"),
        ({"replays": (Path("missing.jsonl"),)}, "missing.jsonl"),
        ({"data_sets": (Path("missing.jsonl"),)}, "no file missing.jsonl"),
    ],
)
async def test_faults_name_a_remedy(
    tmp_path: Path, change: dict[str, object], message: str
):
    with pytest.raises(RequestFault, match=message) as info:
        await run_bench(request(tmp_path, **change), settings(), LineProgress())
    assert info.value.hint


async def test_a_problem_whose_tests_do_not_import_is_left_out_with_a_reason(
    tmp_path: Path,
):
    strange = dict(PROBLEMS[0]) | {
        "task_id": "small/strange",
        "stub": "import no_such_module\n\n\ndef double(x):\n    pass\n",
    }
    rows = [*REPLAY, dict(REPLAY[0]) | {"task_id": "small/strange"}]
    wanted = request(
        tmp_path,
        data_sets=(write_lines(tmp_path / "own.jsonl", [PROBLEMS[0], strange]),),
        replays=(write_lines(tmp_path / "answers.jsonl", rows),),
        policies=("cot",),
        budgets=(1,),
        n_seeds=1,
    )
    report = await run_bench(wanted, settings(), LineProgress())
    assert [each.id for each in report.left_out] == ["small/strange"]
    assert "no_such_module" in report.notes[0]
