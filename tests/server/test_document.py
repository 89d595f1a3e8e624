import json
from dataclasses import replace
from typing import Any

from orps_sandbox.flakiness import FlakyCase
from orps_sandbox.outcome import CaseStatus, Judge
from orps_search.candidate import Critique
from orps_server.document import document
from orps_server.document import tests_digest as digest_of
from support import results

PASSED, FAILED = CaseStatus.PASSED, CaseStatus.FAILED


def test_the_keys_are_those_of_the_contract():
    critique = Critique(text="Right.", process_reward=5, satisfied=True)
    best = results.candidate(PASSED, PASSED, critique=critique)
    second = results.candidate(PASSED, FAILED, name="c2")
    found = document(results.result([best, second]))
    assert list(found) == [
        "schema",
        "target",
        "tests",
        "policy",
        "proposer",
        "search_id",
        "stop_reason",
        "usage",
        "sandbox",
        "candidates",
    ]
    assert found["schema"] == "orps.result/1"
    assert found["target"] == {"file": "m.py", "qualname": "double"}
    assert found["usage"] == {
        "requests": 0,
        "input_tokens": 0,
        "output_tokens": 0,
        "usd": 0.0,
        "by_kind": {},
        "executions": 2,
        "seconds": 1.25,
    }
    assert found["sandbox"] == {"tier": "C", "judge": "split"}
    first, other = json.loads(json.dumps(found))["candidates"]
    assert list(first) == [
        "rank",
        "id",
        "parent",
        "round",
        "code",
        "passed",
        "total",
        "verdicts",
        "judge",
        "reasoning",
        "critique",
        "process_reward",
        "outcome_reward",
        "metrics",
        "costs",
        "diff",
    ]
    assert (first["rank"], first["passed"], first["total"]) == (1, 2, 2)
    assert (first["critique"], first["process_reward"]) == ("Right.", 5)
    assert (other["rank"], other["passed"], other["critique"]) == (2, 1, None)
    assert other["verdicts"] == dict(
        zip(results.CASE_IDS, ("passed", "failed"), strict=True)
    )
    assert first["metrics"] == {
        "wall_seconds": 0.002,
        "cpu_seconds": 0.002,
        "peak_memory_bytes": 3 * 2**20,
        "page_faults": None,
        "instructions": None,
        "branch_misses": None,
        "lines": 3,
        "ast_nodes": None,
        "cyclomatic": None,
        "cognitive": None,
    }


def test_who_judged_and_what_is_flaky_is_told():
    flaky = FlakyCase(id="test_m.py::test_odd", n_passed=1, n_runs=3)
    problem = replace(results.problem(), flaky=(flaky,))
    found = results.candidate(PASSED, PASSED, judge=Judge.IN_PROCESS)
    told: Any = document(results.result([found], problem))
    assert told["sandbox"]["judge"] == told["candidates"][0]["judge"] == "in-process"
    assert told["tests"]["ids"] == list(results.CASE_IDS)
    assert told["tests"]["flaky"] == [
        {"id": "test_m.py::test_odd", "passed": 1, "runs": 3}
    ]


def test_no_candidate_is_a_whole_document_too():
    found = document(results.result([]))
    assert found["candidates"] == []
    assert found["sandbox"] == {"tier": "C", "judge": "in-process"}


def test_the_tests_digest_sees_text_and_place_but_no_order():
    one = {"a.py": "x", "b.py": "y"}
    assert digest_of(one) == digest_of(dict(reversed(one.items())))
    assert digest_of(one) != digest_of({"a.py": "y", "b.py": "x"})
    assert digest_of({"a.py": "x\ud800"}) != digest_of({"a.py": "x"})
