"""The driver, end to end over fakes."""

from dataclasses import replace

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orps_sandbox.errors import SandboxUnavailable
from orps_search.candidate import Critique
from orps_search.config import MIN_CASE_SECONDS, Budget, SearchConfig
from orps_search.errors import ModelRefused, ModelUnavailable
from orps_search.events import (
    CandidateExecuted,
    CandidateReviewed,
    Finished,
    Progressed,
    ReplyRejected,
    RoundStarted,
    SearchResult,
    StopReason,
)
from orps_search.policies import POLICIES
from orps_search.problem import Problem
from orps_search.proposer import (
    Exhausted,
    Expansion,
    MalformedReply,
    Proposal,
    Usage,
)
from orps_search.run import run_search
from support.searching import (
    ALSO_RIGHT,
    HALF_RIGHT,
    RIGHT,
    WRONG,
    Events,
    FakeCritic,
    FakeExecutor,
    FakeProgrammer,
    Written,
    problem,
)

ONE = Usage(requests=1, input_tokens=10, output_tokens=5)
UNBOUNDED = Budget(max_requests=None, max_tokens=None, max_seconds=None)
CONFIG = SearchConfig(
    policy="orps-code", samples_per_round=2, beam_width=1, max_rounds=1
)
MALFORMED = MalformedReply(reply="Hm.", reason="it holds no Python block")
DOWN = ModelUnavailable("The endpoint is down.", kind="badEndpoint")


def numbered(expansion: Expansion) -> str:
    """Wrong code, and never the same twice."""
    return f"def double(x):\n    return {1000 + expansion.id}\n"


class Run:
    """One search over fakes, and all that it published."""

    def __init__(
        self,
        programmer: FakeProgrammer,
        *,
        critic: FakeCritic | None = None,
        executor: FakeExecutor | None = None,
        config: SearchConfig = CONFIG,
        budget: Budget = UNBOUNDED,
    ) -> None:
        self.programmer = programmer
        self.critic = critic or FakeCritic()
        self.executor = executor or FakeExecutor()
        self.config = config
        self.budget = budget
        self.events = Events()

    async def play(self, initial: str | None = None) -> SearchResult:
        return await run_search(
            problem(),
            programmer=self.programmer,
            critic=self.critic,
            executor=self.executor,
            config=self.config,
            budget=self.budget,
            publish=self.events,
            initial=None if initial is None else Proposal(reasoning="", code=initial),
        )

    @property
    def rejections(self) -> list[str]:
        return [event.reason for event in self.events.of(ReplyRejected)]


def scripted(*answers: Written) -> Run:
    return Run(FakeProgrammer(script=answers))


async def test_a_repair_is_accepted() -> None:
    run = scripted(WRONG, HALF_RIGHT, RIGHT)
    result = await run.play()
    assert result.stop_reason is StopReason.ACCEPTED
    best, *rest = result.ranking
    assert best.outcome.all_passed
    assert best.round == 1
    assert best.parent in {"c1", "c2"}
    assert best.critique == Critique(text="As it is.", process_reward=5)
    assert [c.outcome.n_passed for c in rest] == sorted(
        (c.outcome.n_passed for c in rest), reverse=True
    )


async def test_what_passes_is_observed_on_generated_inputs() -> None:
    run = scripted(WRONG, RIGHT, ALSO_RIGHT)
    result = await run.play()
    best, *_ = result.ranking
    assert 10 < len(best.outputs) <= run.config.n_inputs
    # The test's own call comes first.
    assert best.outputs[0] == "2"
    for candidate in result.ranking:
        assert bool(candidate.outputs) is candidate.outcome.all_passed
        if candidate.outputs:
            assert candidate.outputs == best.outputs


async def test_nothing_is_observed_where_that_is_not_wanted() -> None:
    run = scripted(RIGHT)
    run.config = replace(run.config, n_inputs=0)
    result = await run.play()
    assert result.ranking[0].outputs == ()


async def test_events_tell_the_story_in_order() -> None:
    run = scripted(WRONG, RIGHT)
    run.config = replace(CONFIG, samples_per_round=1)
    result = await run.play()
    kinds = [type(event) for event in run.events.seen]
    executed = [RoundStarted, CandidateExecuted, Progressed]
    reviewed = [CandidateReviewed, Progressed]
    assert kinds == [*executed, *reviewed] * 2 + [Finished]
    assert run.events.of(Finished)[0].result == result
    progress = run.events.of(Progressed)
    assert [event.n_done for event in progress] == [1, 1, 2, 2]
    assert {event.n_max for event in progress} == {2}
    assert progress[0].usage.executions == 1


async def test_all_rounds_are_played() -> None:
    run = Run(FakeProgrammer(script=numbered))
    result = await run.play()
    assert result.stop_reason is StopReason.ROUNDS
    assert len(result.ranking) == 2 * (1 * 1 + 1)
    assert run.events.of(Progressed)[-1].n_done == 4
    assert result.usage.executions == 4


async def test_expansions_see_their_parent_with_its_critique() -> None:
    run = Run(FakeProgrammer(script=numbered))
    await run.play()
    parents = [e.parent for e, _ in run.programmer.asked if e.round == 1]
    assert len(parents) == 2
    assert all(parent and parent.critique for parent in parents)


async def test_a_twin_is_not_executed_again() -> None:
    run = scripted(WRONG, WRONG.replace("x\n", "(x)  # the same\n"))
    run.config = replace(CONFIG, max_rounds=0)
    await run.play()
    assert len(run.executor.asked) == 1
    assert run.rejections == ["it is the same code as candidate c1"]


async def test_a_malformed_reply_gets_one_more_chance() -> None:
    run = scripted(MALFORMED, WRONG, RIGHT)
    run.config = replace(CONFIG, samples_per_round=1)
    result = await run.play()
    assert result.stop_reason is StopReason.ACCEPTED
    assert [rejected for _, rejected in run.programmer.asked] == [None, MALFORMED, None]
    assert run.rejections == []


async def test_malformed_twice_is_no_candidate() -> None:
    run = scripted(MALFORMED)
    result = await run.play()
    assert result.ranking == ()
    assert result.stop_reason is StopReason.ROUNDS
    assert run.executor.asked == []
    assert len(run.programmer.asked) == 2 * 4
    assert run.rejections == [MALFORMED.reason] * 4


async def test_code_without_a_place_is_no_candidate() -> None:
    run = scripted("def double(:", RIGHT)
    result = await run.play()
    assert len(result.ranking) == 1
    assert len(run.rejections) == 1


async def test_a_malformed_critique_keeps_its_words() -> None:
    run = scripted(WRONG)
    run.critic = FakeCritic(
        script=[MalformedReply(reply="Wrong for 1.", reason="no score")]
    )
    result = await run.play()
    assert result.ranking[0].critique == Critique(
        text="Wrong for 1.", process_reward=None
    )
    assert len(run.critic.asked) == 2
    assert "no score" in run.rejections


async def test_passing_everything_is_not_enough_for_an_unhappy_critic() -> None:
    run = scripted(RIGHT, WRONG)
    run.critic = FakeCritic(script=[Critique(text="Slow.", process_reward=3)])
    result = await run.play()
    assert result.stop_reason is StopReason.ROUNDS
    assert result.ranking[0].outcome.all_passed


async def test_a_satisfied_critic_is_not_enough_when_a_case_fails() -> None:
    run = scripted(WRONG, HALF_RIGHT)
    run.critic = FakeCritic(
        script=[Critique(text="Fine.", process_reward=5, satisfied=True)]
    )
    assert (await run.play()).stop_reason is StopReason.ROUNDS


class SlowSecond(FakeProgrammer):
    """Its second answer arrives just after a first candidate was reviewed."""

    reviewed: Events

    async def propose(
        self,
        problem: Problem,
        expansion: Expansion,
        rejected: MalformedReply | None = None,
    ) -> tuple[Proposal | MalformedReply | Exhausted, Usage]:
        answer = await super().propose(problem, expansion, rejected)
        while expansion.sample and not self.reviewed.of(CandidateReviewed):
            await anyio.lowlevel.checkpoint()
        return answer


async def test_an_answer_in_flight_at_acceptance_is_still_executed() -> None:
    programmer = SlowSecond(script=[RIGHT, ALSO_RIGHT, WRONG])
    run = Run(programmer)
    programmer.reviewed = run.events
    result = await run.play()
    assert result.stop_reason is StopReason.ACCEPTED
    assert len(result.ranking) == len(run.programmer.asked) == 2
    assert len(run.critic.asked) == 1


async def test_acceptance_interrupts_what_still_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("orps_search.run.WIND_DOWN_SECONDS", 0.01)
    run = scripted(RIGHT)
    run.config = replace(CONFIG, samples_per_round=3, workers=3)
    run.programmer.blocked_from = 1
    result = await run.play()
    assert result.stop_reason is StopReason.ACCEPTED
    assert len(result.ranking) == 1


async def test_the_present_body_is_a_candidate() -> None:
    run = scripted(RIGHT)
    run.config = replace(CONFIG, samples_per_round=1)
    result = await run.play(initial=HALF_RIGHT)
    assert [c.id for c in result.ranking] == ["c1", "c0"]
    assert result.ranking[1].round == 0
    assert result.stop_reason is StopReason.ACCEPTED
    assert run.events.of(CandidateExecuted)[0].candidate.id == "c0"


async def test_a_present_body_that_passes_does_not_end_the_search() -> None:
    run = Run(FakeProgrammer(script=numbered))
    result = await run.play(initial=RIGHT)
    assert result.stop_reason is StopReason.ROUNDS
    assert result.ranking[0].id == "c0"
    assert len(result.ranking) == 5


async def test_the_present_body_says_how_long_a_case_may_take() -> None:
    run = scripted(RIGHT)
    run.config = replace(CONFIG, patience=10)
    await run.play(initial=HALF_RIGHT)
    first, *others = run.executor.asked
    assert first.case_seconds is None
    assert {each.case_seconds for each in others} == {MIN_CASE_SECONDS}


async def test_the_present_body_proposed_again_is_a_twin() -> None:
    run = scripted(WRONG)
    await run.play(initial=WRONG)
    assert run.rejections == ["it is the same code as candidate c0"] * 4


async def test_an_exhausted_proposer_ends_the_search() -> None:
    run = scripted(WRONG, Exhausted("All expressions were tried."))
    result = await run.play()
    assert result.stop_reason is StopReason.EXHAUSTED
    (candidate,) = result.ranking
    # What was proposed before is still reviewed.
    assert candidate.critique is not None


async def test_a_round_may_be_finished_after_acceptance() -> None:
    run = scripted(RIGHT, WRONG, ALSO_RIGHT)
    run.config = replace(CONFIG, samples_per_round=3, finish_round=True)
    result = await run.play()
    assert result.stop_reason is StopReason.ACCEPTED
    assert len(result.ranking) == 3


@pytest.mark.parametrize("policy", ["bon", "cot", "rex"])
async def test_policies_without_a_critic_spend_nothing_on_one(policy: str) -> None:
    run = Run(FakeProgrammer(script=numbered, cost=ONE), critic=FakeCritic(cost=ONE))
    run.config = replace(CONFIG, policy=policy)
    result = await run.play()
    assert run.critic.asked == []
    assert result.usage.calls.requests == len(run.programmer.asked) > 0
    assert result.stop_reason is StopReason.ROUNDS


async def test_a_chain_lets_the_critic_read_what_it_goes_on_from() -> None:
    run = scripted(WRONG, HALF_RIGHT, RIGHT)
    run.config = replace(CONFIG, policy="reflexion", max_rounds=2)
    result = await run.play()
    assert result.stop_reason is StopReason.SOLVED
    assert [c.id for c in run.critic.asked] == ["c1", "c2"]
    assert [c.id for c in result.ranking] == ["c3", "c2", "c1"]


async def test_agreement_interrupts_what_still_runs_once_the_best_was_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("orps_search.run.WIND_DOWN_SECONDS", 0.01)
    run = scripted(RIGHT, ALSO_RIGHT)
    run.config = replace(CONFIG, policy="opal", in_flight=4)
    run.programmer.blocked_from = 3
    result = await run.play()
    assert result.stop_reason is StopReason.CONVERGED
    assert len(result.ranking) == 2
    assert [c.id for c in run.critic.asked] == [result.ranking[0].id]
    assert result.ranking[0].critique is not None


async def test_a_budget_that_bears_no_critic_changes_no_find() -> None:
    run = Run(
        FakeProgrammer(script=[RIGHT, ALSO_RIGHT], cost=ONE),
        critic=FakeCritic(cost=ONE),
        config=replace(CONFIG, policy="opal", in_flight=3),
        budget=replace(UNBOUNDED, max_requests=3),
    )
    result = await run.play()
    assert result.stop_reason is StopReason.CONVERGED
    assert result.ranking[0].critique is None


@pytest.mark.parametrize("policy", sorted(POLICIES))
@pytest.mark.parametrize("max_requests", [0, 1, 7])
async def test_no_policy_spends_more_than_the_budget(
    policy: str, max_requests: int
) -> None:
    run = Run(
        FakeProgrammer(script=numbered, cost=ONE),
        critic=FakeCritic(cost=ONE),
        config=SearchConfig(policy=policy, samples_per_round=9, in_flight=3),
        budget=replace(UNBOUNDED, max_requests=max_requests),
    )
    result = await run.play()
    spent = result.usage.calls.requests
    assert spent == len(run.programmer.asked) + len(run.critic.asked) <= max_requests
    assert spent == max_requests or policy in {"cot", "reflexion"}


@pytest.mark.parametrize("max_requests", range(6))
async def test_requests_are_bounded(max_requests: int) -> None:
    run = Run(
        FakeProgrammer(script=numbered, cost=ONE),
        critic=FakeCritic(cost=ONE),
        budget=replace(UNBOUNDED, max_requests=max_requests),
    )
    result = await run.play()
    assert result.stop_reason is StopReason.REQUESTS
    assert result.usage.calls.requests == max_requests
    assert len(run.programmer.asked) + len(run.critic.asked) == max_requests


async def test_the_repair_attempt_is_paid_for_too() -> None:
    run = Run(
        FakeProgrammer(script=[MALFORMED], cost=ONE),
        budget=replace(UNBOUNDED, max_requests=1),
    )
    result = await run.play()
    assert result.stop_reason is StopReason.REQUESTS
    assert len(run.programmer.asked) == 1
    assert run.rejections == [MALFORMED.reason]


async def test_tokens_are_bounded() -> None:
    run = Run(
        FakeProgrammer(script=numbered, cost=ONE),
        budget=replace(UNBOUNDED, max_tokens=40),
    )
    result = await run.play()
    assert result.stop_reason is StopReason.TOKENS
    assert result.usage.calls.requests == 2


async def test_acceptance_counts_more_than_a_budget_that_ran_out() -> None:
    run = Run(
        FakeProgrammer(script=[RIGHT, WRONG], cost=ONE),
        critic=FakeCritic(cost=ONE),
        budget=replace(UNBOUNDED, max_requests=3),
    )
    result = await run.play()
    assert result.stop_reason is StopReason.ACCEPTED
    assert result.usage.calls.requests == 3


async def test_a_reservation_that_was_too_large_only_delays() -> None:
    programmer = FakeProgrammer(script=numbered, cost=ONE)
    programmer.worst = Usage(requests=1, output_tokens=100)
    run = Run(programmer, budget=replace(UNBOUNDED, max_tokens=160))
    result = await run.play()
    assert result.stop_reason is StopReason.ROUNDS
    assert result.usage.calls.requests == 4


async def test_the_deadline_interrupts_and_keeps_the_best() -> None:
    run = Run(
        FakeProgrammer(script=numbered),
        critic=FakeCritic(blocked=True),
        # Two candidates have to be executed in it, on a machine that may be busy.
        budget=replace(UNBOUNDED, max_seconds=0.5),
    )
    result = await run.play()
    assert result.stop_reason is StopReason.SECONDS
    assert len(result.ranking) == 2
    assert run.executor.n_running == 0


async def test_no_time_at_all() -> None:
    run = scripted(RIGHT)
    run.budget = replace(UNBOUNDED, max_seconds=0.0)
    result = await run.play()
    assert result.stop_reason is StopReason.SECONDS
    assert result.ranking == ()


async def test_a_dead_endpoint_without_candidates_is_an_error() -> None:
    run = scripted(DOWN)
    with pytest.raises(ModelUnavailable, match="down"):
        await run.play()
    assert run.events.of(Finished) == []


async def test_a_dead_endpoint_keeps_the_candidates_there_are() -> None:
    run = scripted(WRONG, DOWN)
    result = await run.play()
    assert result.stop_reason is StopReason.MODEL
    assert result.failure == "The endpoint is down."
    assert len(result.ranking) == 1


async def test_a_dead_critic_keeps_the_candidate_it_was_asked_about() -> None:
    run = scripted(RIGHT, WRONG)
    run.critic = FakeCritic(script=[DOWN])
    result = await run.play()
    assert result.stop_reason is StopReason.MODEL
    assert result.ranking[0].outcome.all_passed


async def test_one_refusal_does_not_end_the_search() -> None:
    run = scripted(ModelRefused("No.", kind="modelRefused"), RIGHT)
    result = await run.play()
    assert result.stop_reason is StopReason.ACCEPTED
    assert run.rejections == ["No."]
    assert result.failure is None


async def test_nothing_but_refusals_is_an_error() -> None:
    with pytest.raises(ModelRefused):
        await scripted(ModelRefused("No.", kind="modelRefused")).play()


async def test_a_broken_sandbox_is_no_bad_candidate() -> None:
    run = scripted(RIGHT)
    run.executor = FakeExecutor(error=SandboxUnavailable("No Python."))
    with pytest.raises(SandboxUnavailable):
        await run.play()
    with pytest.raises(SandboxUnavailable):
        await run.play(initial=WRONG)


async def test_executions_wait_for_a_worker() -> None:
    run = Run(
        FakeProgrammer(script=numbered),
        config=replace(CONFIG, samples_per_round=8, workers=2),
    )
    await run.play()
    assert run.executor.most_running == 2


@pytest.mark.parametrize("blocked", ["programmer", "executor", "critic"])
async def test_cancelling_leaves_nothing_running(blocked: str) -> None:
    run = Run(FakeProgrammer(script=numbered))
    run.programmer.blocked_from = 0 if blocked == "programmer" else None
    run.executor.blocked = blocked == "executor"
    run.critic.blocked = blocked == "critic"
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run.play)
        while not getattr(run, blocked).asked:
            await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
    assert run.executor.n_running == 0
    assert run.events.of(Finished) == []


_answers = st.sampled_from(
    [RIGHT, WRONG, HALF_RIGHT, MALFORMED, Exhausted("done"), DOWN, "def double(:"]
)


@settings(max_examples=60, deadline=None)
@given(
    answers=st.lists(_answers, min_size=1, max_size=12),
    max_requests=st.none() | st.integers(0, 20),
    config=st.builds(
        SearchConfig,
        policy=st.just("orps-code"),
        samples_per_round=st.integers(1, 3),
        beam_width=st.integers(1, 2),
        max_rounds=st.integers(0, 2),
        workers=st.integers(1, 3),
    ),
)
def test_any_answers_end_within_the_bounds(
    answers: list[Written], max_requests: int | None, config: SearchConfig
) -> None:
    run = Run(
        FakeProgrammer(script=answers, cost=ONE),
        critic=FakeCritic(cost=ONE),
        config=config,
        budget=replace(UNBOUNDED, max_requests=max_requests),
    )
    try:
        result = anyio.run(run.play)
    except ModelUnavailable:
        assert DOWN in answers
        return
    n_max = config.samples_per_round * (config.beam_width * config.max_rounds + 1)
    n_first = sum(rejected is None for _, rejected in run.programmer.asked)
    assert n_first <= n_max
    assert max_requests is None or result.usage.calls.requests <= max_requests
    assert result.usage.executions == len(result.ranking)
    codes = [candidate.code for candidate in result.ranking]
    assert len(codes) == len(set(codes))
