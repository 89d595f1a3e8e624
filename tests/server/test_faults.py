import pytest

from orps_sandbox.errors import PytestMissing
from orps_search.errors import ModelRejected
from orps_server.errors import RequestFault
from orps_server.faults import fault_in, fault_of, raised


def test_each_layer_s_error_becomes_one_shape():
    fault = RequestFault("no tests", kind="noTests", hint="Write some.")
    assert fault_of(fault) is fault
    sandbox = fault_of(PytestMissing("Install pytest."))
    assert (str(sandbox), sandbox.kind) == ("Install pytest.", "sandboxUnavailable")
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
