import errno
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from orps_sandbox.errors import PytestMissing, StartTimeout
from orps_search.errors import ModelRejected
from orps_search.events import SearchResult, StopReason
from orps_server.errors import FaultKind, RequestFault
from orps_server.faults import (
    budget_fault,
    fault_in,
    fault_of,
    model_fault,
    raised,
)
from support.lsp_jobs import USAGE, candidate


def test_each_layer_s_error_becomes_one_shape():
    fault = RequestFault("no tests", kind="noTests", hint="Write some.")
    assert fault_of(fault) is fault
    sandbox = fault_of(PytestMissing("Install pytest."))
    assert (str(sandbox), sandbox.kind) == ("Install pytest.", "sandboxUnavailable")
    late = fault_of(StartTimeout("It does not answer."))
    assert late.kind == "sandboxTimeout"
    model = fault_of(ModelRejected("Wrong key.", kind="auth"))
    assert (str(model), model.kind) == ("Wrong key.", "auth")


def test_an_unknown_kind_is_our_own_bug():
    with pytest.raises(AssertionError, match="unknown kind"):
        fault_of(ModelRejected("?", kind="surprise"))


def test_a_fault_is_found_in_what_task_groups_raise():
    fault = RequestFault("no tests", kind="noTests")
    group = ExceptionGroup("tasks", [ExceptionGroup("inner", [fault])])
    assert fault_in(group) is fault
    assert raised(group) == (fault,)


def test_a_fault_does_not_hide_a_bug_beside_it():
    fault, bug = RequestFault("no tests", kind="noTests"), ValueError("bug")
    assert fault_in(ExceptionGroup("tasks", [fault, bug])) is None
    assert fault_in(bug) is None


FAILING = candidate("c1", "def f(): ...", verdicts=".F")
RESULT = SearchResult(ranking=(FAILING,), stop_reason=StopReason.REQUESTS, usage=USAGE)


def test_a_bound_is_a_fault_as_long_as_nothing_passes():
    fault = budget_fault(RESULT)
    assert fault
    assert fault.kind == "budget"
    assert "budget of requests" in str(fault)
    passing = candidate("c2", "def f(): ...")
    assert budget_fault(replace(RESULT, ranking=(passing, FAILING))) is None
    assert budget_fault(replace(RESULT, stop_reason=StopReason.ROUNDS)) is None


def test_a_model_that_fails_late_keeps_the_kind_of_its_failure():
    assert model_fault(RESULT) is None
    failed = replace(RESULT, failure="Wrong key.", failure_kind="auth")
    fault = model_fault(failed)
    assert fault
    assert (str(fault), fault.kind) == ("Wrong key.", "auth")


def test_every_kind_has_a_remedy_in_the_documentation():
    page = Path(__file__).parents[2] / "docs" / "troubleshooting.md"
    rows = [line for line in page.read_text().splitlines() if line.startswith("| `")]
    assert sorted(row.split("`")[1] for row in rows) == sorted(get_args(FaultKind))


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("can't start new thread"),
        BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
        OSError(errno.EMFILE, "Too many open files"),
    ],
)
def test_a_machine_that_has_no_more_to_give_is_no_bug(error: Exception):
    fault = fault_in(ExceptionGroup("tasks", [error]))
    assert fault
    assert fault.kind == "sandboxUnavailable"
    assert "ulimit" in (fault.hint or "")
    assert fault_in(RuntimeError("another")) is None
