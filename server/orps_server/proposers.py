"""Who proposes: a model behind an endpoint, or the embedded offline proposer."""

import os
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from anyio import to_thread

from orps_sandbox.executor import Executor
from orps_search.config import Budget, SearchConfig
from orps_search.errors import ExtraMissing
from orps_search.openai_model import OpenAIModel
from orps_search.policies import POLICIES, require_extra
from orps_search.prices import Price
from orps_search.problem import Problem
from orps_search.proposer import Critic, Judge, Programmer, Tester
from orps_search.roles import ModelCritic, ModelJudge, ModelProgrammer, ModelTester
from orps_server.daily_tokens import DailyTokens, RationedModel
from orps_server.disclosure.redacted_model import RedactedModel
from orps_server.disclosure.redaction import (
    Redactor,
    is_secret_name,
    literals,
    redactor,
)
from orps_server.endpoint import (
    Endpoint,
    configured_endpoint,
    model_settings,
    only_model,
)
from orps_server.errors import RequestFault
from orps_server.line_critic import line_critic
from orps_server.settings import Settings

T = TypeVar("T")


def _offer_anything(codes: Iterable[str]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposers:
    """The roles, and how far a search with them may go."""

    programmer: Programmer
    critic: Critic
    config: SearchConfig
    budget: Budget
    tester: Tester | None = None
    judge: Judge | None = None
    skip: Callable[[Iterable[str]], None] = _offer_anything
    """Codes that were proposed before somebody went on with a search: a model may well
    repeat itself, a synthesizer that began again would do nothing else."""


def require_policy(settings: Settings) -> None:
    """Raise `RequestFault`, with the remedy, for a policy that there is not here."""
    wanted = settings.search.policy
    if wanted is not None and wanted not in POLICIES:
        raise RequestFault(
            f"There is no search policy {wanted!r}.",
            kind="badRequest",
            hint=f"Known policies: {', '.join(POLICIES)}.",
        )
    if wanted is not None:
        try:
            require_extra(wanted)
        except ExtraMissing as error:
            raise RequestFault(
                str(error), kind="badRequest", hint=error.remedy
            ) from error


@asynccontextmanager
async def open_proposers(
    problem: Problem,
    settings: Settings,
    environment: Mapping[str, str] = os.environ,
    *,
    screener: Executor | None = None,
) -> AsyncGenerator[Proposers]:
    """Connect the roles to what the settings name; raises `ModelError`.

    The key is looked up in `environment`.
    """
    seated = await to_thread.run_sync(line_critic, settings)
    endpoint = configured_endpoint(settings.llm)
    if endpoint is None:
        proposers = _offline(problem, settings, screener)
        yield replace(proposers, critic=seated(proposers.critic))
    else:
        async with _models(problem, endpoint, settings, environment) as proposers:
            yield replace(proposers, critic=seated(proposers.critic))


def search_config(base: SearchConfig, settings: Settings) -> SearchConfig:
    """The proposer's own parameters, but for those that were set."""
    wanted = settings.search
    return replace(
        base,
        policy=_first(wanted.policy, base.policy),
        samples_per_round=_first(wanted.samples, base.samples_per_round),
        beam_width=_first(wanted.beam, base.beam_width),
        max_rounds=_first(wanted.rounds, base.max_rounds),
        workers=settings.sandbox.workers,
        seed=wanted.seed or 0,
    )


def search_budget(base: Budget, settings: Settings) -> Budget:
    wanted = settings.budget
    return Budget(
        max_requests=_first(wanted.max_requests_per_search, base.max_requests),
        max_tokens=_first(wanted.max_tokens_per_search, base.max_tokens),
        max_seconds=_first(wanted.max_seconds_per_search, base.max_seconds),
        max_usd=_first(wanted.max_cost_per_search, base.max_usd),
    )


def _offline(
    problem: Problem, settings: Settings, screener: Executor | None
) -> Proposers:
    # Its vocabulary is built at import, which a server with a model never needs.
    from orps_search.offline import (  # noqa: PLC0415
        OFFLINE_BUDGET,
        OFFLINE_CONFIG,
        OfflineCritic,
        OfflineProgrammer,
    )

    programmer = OfflineProgrammer(
        problem, seed=settings.search.seed or 0, screener=screener
    )
    return Proposers(
        programmer=programmer,
        skip=programmer.skip,
        critic=OfflineCritic(),
        config=search_config(OFFLINE_CONFIG, settings),
        budget=search_budget(OFFLINE_BUDGET, settings),
    )


@asynccontextmanager
async def _models(
    problem: Problem,
    endpoint: Endpoint,
    settings: Settings,
    environment: Mapping[str, str],
) -> AsyncGenerator[Proposers]:
    seed = settings.search.seed
    name = endpoint.model or await only_model(settings.llm, endpoint, environment)
    critic_name = settings.llm.critic_model or name
    budget = search_budget(Budget(), settings)
    described = partial(
        model_settings, settings.llm, endpoint, max_search_tokens=budget.max_tokens
    )
    async with AsyncExitStack() as stack:
        # One client serves both roles unless they are different models.
        models = {
            each: RationedModel(
                RedactedModel(
                    await stack.enter_async_context(
                        OpenAIModel(described(each), environment=environment)
                    ),
                    redactor_of(problem, settings, environment),
                ),
                DailyTokens(),
                max_tokens=settings.budget.max_tokens_per_day,
            )
            for each in dict.fromkeys((name, critic_name))
        }
        yield Proposers(
            programmer=ModelProgrammer(
                models[name], seed=seed, price=price_of(name, settings)
            ),
            critic=ModelCritic(
                models[critic_name], seed=seed, price=price_of(critic_name, settings)
            ),
            tester=ModelTester(models[name], seed=seed, price=price_of(name, settings)),
            judge=ModelJudge(
                models[critic_name], seed=seed, price=price_of(critic_name, settings)
            ),
            config=replace(
                search_config(SearchConfig(), settings),
                in_flight=settings.llm.concurrency,
                writes_tests=_writes_tests(problem, settings),
                judges=settings.search.judge == "on",
            ),
            budget=budget,
        )


_FEW_TESTS = 2


def _writes_tests(problem: Problem, settings: Settings) -> bool:
    wanted = settings.search.generated_tests
    is_short = len(problem.case_ids) < _FEW_TESTS
    policy = search_config(SearchConfig(), settings).policy
    may = wanted == "on" or (wanted == "auto" and is_short)
    return may and POLICIES[policy].weighs_tests


def price_of(model: str, settings: Settings) -> Price:
    """`FREE` where nobody said what the model costs."""
    named = settings.prices.get(model, {})
    return Price(input_usd=named.get("in", 0.0), output_usd=named.get("out", 0.0))


def redactor_of(
    problem: Problem,
    settings: Settings,
    environment: Mapping[str, str] = os.environ,
) -> Redactor:
    """Knows the secrets of this process, of headers, of files, and in the code."""
    headers = settings.llm.extra_headers
    values = [value for name, value in headers.items() if is_secret_name(name)]
    values += problem.withheld
    for text in (problem.module_text, problem.related, *problem.test_sources.values()):
        values += literals(text)
    return redactor(environment, values)


def _first(wanted: T | None, otherwise: T) -> T:
    return otherwise if wanted is None else wanted
