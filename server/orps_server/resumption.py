"""Going on with a search: whether there is anything to do, and how far it may go.

A budget counts what was spent before. Where nothing is said, a search that was
interrupted keeps the budget it had, and one that a bound had ended gets the same again.
"""

from dataclasses import dataclass, replace

from orps_search.candidate import CandidateId
from orps_search.config import Budget, SearchConfig
from orps_search.events import StopReason
from orps_search.journal.entries import Advice
from orps_search.journal.fold import SearchState
from orps_search.problem import Problem
from orps_server.errors import RequestFault
from orps_server.settings import Settings
from orps_server.store.store import StoredSearch


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """A search to go on with, and under which bounds."""

    stored: StoredSearch
    state: SearchState
    budget: Budget
    advice: Advice | None = None
    """What a person has said about one of its candidates."""

    @property
    def config(self) -> SearchConfig:
        return self.state.config

    def settings(self, present: Settings) -> Settings:
        """Those of today, but for what makes a model's answers repeatable."""
        seed = present.search.seed or self.config.seed or None
        return replace(present, search=replace(present.search, seed=seed))


def resumption(stored: StoredSearch, settings: Settings) -> Resumption:
    """Raise `RequestFault` when the search has come to its own end.

    Of the settings only those count that somebody has set for this occasion.
    """
    state = stored.state()
    rounds = settings.search.rounds
    if rounds is not None:
        state = replace(state, config=replace(state.config, max_rounds=rounds))
    elif state.stopped is not None and not state.stopped.reason.may_go_on:
        raise RequestFault(
            f"There is nothing to go on with: the search ended with "
            f"`{state.stopped.reason.value}`.",
            kind="badRequest",
            hint="Allow more rounds, or generate again.",
        )
    return Resumption(stored=stored, state=state, budget=budget_of(state, settings))


def interrupted(stored: StoredSearch, problem: Problem) -> Resumption | None:
    """Under the budget that it had; `None` if it is about something else by now."""
    state = stored.state()
    if problem.fingerprint != state.began.fingerprint:
        return None
    return Resumption(stored=stored, state=state, budget=state.budget)


def is_interrupted(state: SearchState) -> bool:
    """Neither its policy nor a bound has ended it."""
    reason = state.stopped.reason if state.stopped else None
    return reason in {None, StopReason.CANCELLED, StopReason.MODEL}


def advised(stored: StoredSearch, candidate: CandidateId, text: str) -> Resumption:
    """Go on with what a person has said; also where the search had ended well."""
    state = stored.state()
    n_samples = max(1, state.config.samples_per_round // 2)
    return Resumption(
        stored=stored,
        state=state,
        budget=budget_of(state, Settings(), anew=True),
        advice=Advice(candidate=candidate, text=text, n_samples=n_samples),
    )


def budget_of(state: SearchState, settings: Settings, *, anew: bool = False) -> Budget:
    """Bounds for all of the search, what was spent before included.

    `anew`: the same again, whether or not a bound was reached.
    """
    before, wanted, usage = state.budget, settings.budget, state.usage
    reason = state.stopped.reason if state.stopped else None
    tokens = usage.input_tokens + usage.output_tokens
    budget = before

    def again(bound: StopReason) -> bool:
        return anew or reason is bound

    if before.max_requests is not None and again(StopReason.REQUESTS):
        budget = replace(budget, max_requests=usage.requests + before.max_requests)
    if before.max_tokens is not None and again(StopReason.TOKENS):
        budget = replace(budget, max_tokens=tokens + before.max_tokens)
    if before.max_seconds is not None and again(StopReason.SECONDS):
        budget = replace(budget, max_seconds=state.seconds + before.max_seconds)
    if before.max_usd is not None and again(StopReason.COST):
        budget = replace(budget, max_usd=state.usage.usd + before.max_usd)
    if wanted.max_requests_per_search is not None:
        budget = replace(budget, max_requests=wanted.max_requests_per_search)
    if wanted.max_tokens_per_search is not None:
        budget = replace(budget, max_tokens=wanted.max_tokens_per_search)
    if wanted.max_seconds_per_search is not None:
        budget = replace(budget, max_seconds=wanted.max_seconds_per_search)
    if wanted.max_cost_per_search is not None:
        budget = replace(budget, max_usd=wanted.max_cost_per_search)
    return budget


def same_problem(problem: Problem, state: SearchState) -> Problem:
    """The problem with the cases that the search began with.

    Raises:
        RequestFault: what was found for another function or other tests says nothing
            about these.
    """
    if problem.fingerprint != state.began.fingerprint:
        raise RequestFault(
            f"`{state.began.qualname}` or its tests have changed since the search.",
            kind="stale",
            hint="Generate again.",
        )
    return replace(problem, case_ids=state.began.case_ids)
