import json
from dataclasses import replace

import pytest

from orps_sandbox.flakiness import FlakyCase
from orps_search.candidate import CandidateId, Critique
from orps_search.config import Budget
from orps_search.events import StopReason
from orps_search.journal.codec import JournalFault, decode, encode
from orps_search.journal.document import search_document
from orps_search.journal.entries import (
    Asked,
    AskedExpansion,
    Called,
    Entry,
    Exchange,
    Executed,
    Measured,
    Rejected,
    Resumed,
    Role,
    Stopped,
    Told,
    ToldCritique,
)
from orps_search.journal.fold import fold
from orps_search.proposer import (
    Exhausted,
    ExpansionId,
    MalformedReply,
    Proposal,
    Usage,
)
from orps_server.markdown_text import escaped
from orps_server.reporting.markdown import markdown
from support.costs import costs
from support.journals import began, records
from support.searching import state

C1, C2 = (state(name).id for name in ("c1", "c2"))
COST = Usage(requests=1, input_tokens=100, output_tokens=20)


def expansion(number: int) -> AskedExpansion:
    return AskedExpansion(id=ExpansionId(number), parent=None, round=0, sample=0)


def called(answer: Proposal | Critique | MalformedReply | Exhausted) -> Called:
    role = Role.CRITIC if isinstance(answer, Critique) else Role.PROGRAMMER
    exchange = Exchange(prompt="0" * 64, reply="1" * 64)
    return Called(
        role=role,
        candidate=C1,
        answer=answer,
        usage=COST,
        seconds=2.0,
        exchanges=(exchange,),
    )


PROPOSAL = Proposal(reasoning="Twice.", code="def double(x):\n    return x * 2\n")
CRITIQUE = Critique(text="Fine.", process_reward=5, satisfied=True)
ENTRIES: tuple[Entry, ...] = (
    began(),
    Asked(expansions=(expansion(1),)),
    called(MalformedReply(reply="Sorry \ud800", reason="it holds no code")),
    called(PROPOSAL),
    Executed(candidate=state("c1", passed=(True, True))),
    Told(expansion=ExpansionId(1), candidate=C1),
    Asked(reviews=(C1,)),
    called(CRITIQUE),
    ToldCritique(candidate=C1, critique=CRITIQUE),
    Stopped(reason=StopReason.ACCEPTED),
)
MEASURED = Measured(candidate=C1, costs=costs(0.012, instructions=1200))


@pytest.mark.parametrize(
    "entry", [*ENTRIES, MEASURED], ids=lambda entry: type(entry).__name__
)
def test_every_entry_comes_back_from_its_text(entry: Entry):
    (record,) = records([entry])
    assert decode(encode(record)) == record


def test_the_state_holds_what_the_calls_cost_and_brought():
    found = fold(records(ENTRIES))
    assert found.usage == COST + COST + COST
    assert found.costs[C1].seconds == 6.0
    assert found.candidates[C1].critique == CRITIQUE
    assert not found.open_expansions
    assert found.seconds == len(ENTRIES) - 1


def test_what_was_asked_for_and_not_told_stays_open():
    found = fold(records(ENTRIES[:4]))
    assert [each.candidate for each in found.open_expansions] == [C1]
    assert found.answers[Role.PROGRAMMER, C1][-1] == PROPOSAL
    assert found.stopped is None


def test_the_pause_before_somebody_went_on_does_not_count():
    entries = [*ENTRIES[:2], Resumed(budget=Budget(max_requests=9), max_rounds=3)]
    late = [*records(entries)]
    late[2] = type(late[2])(
        seq=2, time=9_000.0, search_id=late[2].search_id, entry=late[2].entry
    )
    found = fold(late)
    assert found.seconds == 1.0
    assert found.budget.max_requests == 9
    assert found.n_resumed == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "no record"),
        ('{"v": 99}', "version 99"),
        ('{"v": 1, "seq": 0}', "cannot be read"),
    ],
)
def test_what_is_no_record_is_a_fault(text: str, complaint: str):
    with pytest.raises(JournalFault, match=complaint):
        decode(text)


def test_a_gap_is_a_fault():
    first, _, third = records(ENTRIES)[:3]
    with pytest.raises(JournalFault, match="record 1 is missing"):
        fold([first, third])


def test_the_document_of_a_search_that_ended():
    found = search_document(fold(records(ENTRIES)))
    assert found == json.loads(json.dumps(found))
    assert found["state"] == "done"
    assert found["stopReason"] == "accepted"
    (candidate,) = found["candidates"]
    assert candidate["state"] == "passing"
    assert (candidate["rank"], candidate["passed"], candidate["total"]) == (1, 2, 2)
    assert candidate["cost"] == {"requests": 3, "tokens": 360, "seconds": 6.0}
    assert candidate["critique"] == "Fine."


@pytest.mark.parametrize(
    ("reason", "may_go_on"),
    [(StopReason.ACCEPTED, False), (StopReason.REQUESTS, True)],
)
def test_only_what_did_not_come_to_its_own_end_can_be_resumed(
    reason: StopReason, may_go_on: bool
):
    ended = fold(records([*ENTRIES[:-1], Stopped(reason=reason)]))
    assert search_document(ended)["resumable"] is may_go_on
    killed = fold(records(ENTRIES[:-1]))
    assert search_document(killed)["resumable"]
    assert not search_document(killed, now="running")["resumable"]


def test_flaky_tests_are_named_and_nothing_else_is_said_of_them():
    flaky = FlakyCase(id="test_m.py::test_luck", n_passed=2, n_runs=3)
    found = fold(records([replace(began(), flaky=(flaky,)), *ENTRIES[1:]]))
    document = search_document(found)
    assert document["flaky"] == [{"id": flaky.id, "passed": 2, "runs": 3}]
    assert flaky.id not in document["tests"]
    report = markdown(document)
    assert "- **c1** (#1): passes 2 of 2 tests, critic 5 of 5, 3 requests" in report
    assert "Of 1 executed candidate, 1 passes every test." in report
    assert f"decided nothing: {escaped(flaky.id)} passed 2 of 3 times" in report


def test_measuring_is_no_part_of_the_search_and_stands_in_its_document():
    found = fold(records([*ENTRIES, MEASURED]))
    assert found.seconds == len(ENTRIES) - 1
    document = search_document(found)
    assert (document["state"], document["stopReason"]) == ("done", "accepted")
    measured = document["candidates"][0]["costs"]
    assert measured["cpu_seconds"]["value"] == 0.012
    assert measured["cpu_seconds"]["noise"] == 0.0005
    assert measured["page_faults"]["value"] is None
    assert measured["page_faults"]["reason"] == "nobody looked"


def test_what_was_measured_decides_the_order_of_a_search_that_is_told_later():
    slow, quick = (
        Executed(candidate=state(name, passed=(True, True))) for name in ("c1", "c2")
    )
    told = [
        Told(expansion=ExpansionId(idx), candidate=CandidateId(f"c{idx}"))
        for idx in (1, 2)
    ]
    entries = [
        began(),
        Asked(expansions=(expansion(1), expansion(2))),
        slow,
        told[0],
        quick,
        told[1],
    ]
    ranked = search_document(fold(records(entries)))["candidates"]
    assert [each["id"] for each in ranked] == ["c1", "c2"]
    entries += [
        Measured(candidate=C1, costs=costs(0.5)),
        Measured(candidate=C2, costs=costs(0.1)),
    ]
    ranked = search_document(fold(records(entries)))["candidates"]
    assert [each["id"] for each in ranked] == ["c2", "c1"]


def test_a_search_that_was_killed_is_interrupted_and_a_live_one_runs():
    entries = [*ENTRIES[:2], Rejected(candidate=C2, reason="no code")]
    found = fold(records(entries))
    assert search_document(found)["state"] == "interrupted"
    assert search_document(found)["candidates"] == []
    live = search_document(found, now="running")
    assert [each["state"] for each in live["candidates"]] == ["running"]
