"""What people can set: one schema for every carrier of settings.

The JSON name of a field is its name in camel case, so `max_tokens_per_search` in
`BudgetSettings` is `orps.budget.maxTokensPerSearch`. Reading is lenient: a bad value
costs one complaint and keeps what was there before, it never stops the server.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from orps_search.config import Budget, SearchConfig
from orps_search.policies import POLICIES
from orps_server.disclosure.excludes import DEFAULT_EXCLUDES
from orps_server.setting_fields import Reading, Scope, leaves, setting

# What an empty setting means with a model is said where people read it.
_BUDGET = Budget()
_CONFIG = SearchConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class LLMSettings:
    """Which endpoint writes and judges; with neither URL nor model it is nobody."""

    base_url: str = setting(
        "",
        "OpenAI-compatible endpoint, such as `http://localhost:11434/v1`. Empty: the "
        "environment's `OPENAI_BASE_URL`, else OpenAI's own when a model is set, else "
        "the embedded offline proposer.",
        scope=Scope.MACHINE_OVERRIDABLE,
    )
    model: str = setting(
        "",
        "Model that writes candidates. Empty: the only model that the endpoint lists.",
        scope=Scope.MACHINE_OVERRIDABLE,
    )
    critic_model: str = setting(
        "",
        "Model that writes critiques. Empty: the same as `orps.llm.model`.",
        scope=Scope.MACHINE_OVERRIDABLE,
    )
    api_key_env: str = setting(
        "OPENAI_API_KEY",
        "Name of the environment variable that holds the key; never the key itself.",
        scope=Scope.MACHINE,
    )
    consent: Literal["ask", "perWorkspace", "always"] = setting(
        "ask",
        "Before the first request of a project to a host: `ask`; `perWorkspace` asks "
        "too, and any yes is kept for the project; `always` never asks.",
        scope=Scope.APPLICATION,
    )
    timeout_seconds: float = setting(
        120.0, "How long one request may take.", scope=Scope.MACHINE, minimum=1
    )
    temperature: float | None = setting(
        None, "Sampling temperature. Empty: the endpoint's own.", minimum=0
    )
    context_tokens: int = setting(
        32_768, "What the model can read and write together.", minimum=1024
    )
    max_output_tokens: int = setting(
        4096, "What the model may write in one reply.", minimum=256
    )
    concurrency: int = setting(
        4, "Requests at a time.", scope=Scope.MACHINE, minimum=1, maximum=64
    )
    ca_bundle: str = setting(
        "",
        "File with the certificates to trust instead of the system's.",
        scope=Scope.MACHINE,
    )
    extra_headers: Mapping[str, str] = setting(
        {}, "HTTP headers to add to each request.", scope=Scope.MACHINE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSettings:
    """Hard bounds of one search, checked before each call."""

    max_tokens_per_search: int | None = setting(
        None,
        f"Tokens in and out. Empty: {_BUDGET.max_tokens} with a model.",
        ceiling=_BUDGET.max_tokens,
        minimum=1,
    )
    max_requests_per_search: int | None = setting(
        None,
        f"Requests to the model. Empty: {_BUDGET.max_requests}.",
        ceiling=_BUDGET.max_requests,
        minimum=1,
    )
    max_seconds_per_search: float | None = setting(
        None,
        f"Wall time. Empty: {_BUDGET.max_seconds:g} with a model, 60 offline.",
        ceiling=_BUDGET.max_seconds,
        minimum=0.1,
    )
    max_cost_per_search: float | None = setting(
        None,
        "US dollars, for models with a price in `orps.prices`. Empty: no bound.",
        ceiling=math.inf,
        minimum=0,
    )
    max_tokens_per_day: int = setting(
        0,
        "Tokens in and out of all searches on this machine since midnight, checked "
        "before each request. 0: no bound.",
        scope=Scope.MACHINE,
        minimum=0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """The paper's parameters; the paper's own values are 20, 3 and 5."""

    policy: str | None = setting(
        None,
        f"Search policy: {', '.join(f'`{name}`' for name in POLICIES)}. "
        f"Empty: `{_CONFIG.policy}`.",
        in_repository=True,
    )
    samples: int | None = setting(
        None,
        "Drafts in the first round, then expansions of each beam. "
        f"Empty: {_CONFIG.samples_per_round} with a model.",
        in_repository=True,
        minimum=1,
    )
    beam: int | None = setting(
        None,
        f"How many candidates each round expands. Empty: {_CONFIG.beam_width} with a model.",
        in_repository=True,
        minimum=1,
    )
    rounds: int | None = setting(
        None,
        f"Rounds after the first drafts. Empty: {_CONFIG.max_rounds} with a model.",
        in_repository=True,
        minimum=0,
    )
    at_a_time: int = setting(
        1,
        "Searches at a time in one project; more of them wait in a queue.",
        scope=Scope.MACHINE,
        minimum=1,
        maximum=64,
    )
    critic: Literal["llm", "prm", "both"] = setting(
        "llm",
        "Who gives the process reward: `llm`, the model or offline a rule; `prm`, a "
        "trained model of lines (docs/prm.md); or `both`.",
    )
    generated_tests: Literal["off", "auto", "on"] = setting(
        "off",
        "Whether a model writes tests before the search: they are evidence among "
        "candidates that pass yours, never a gate (docs/search.md). `auto`: with fewer "
        "than two tests of your own.",
        in_repository=True,
    )
    judge: Literal["off", "on"] = setting(
        "off",
        "Whether a model is asked at the end, once in each order, which of the two best "
        "behaviors is meant where both pass every test (docs/search.md).",
        in_repository=True,
    )
    prm_model: str | None = setting(
        None,
        "File of the model of lines, as `orps-lsp prm train` writes it.",
        scope=Scope.MACHINE,
    )
    examine_seconds: float = setting(
        20.0,
        "How long a finished search may be looked at once more, in the background: "
        "candidates that pass every test are made to disagree, and the best is changed "
        "to see what the tests leave open (docs/distinguish.md). 0: not at all.",
        in_repository=True,
        minimum=0,
    )
    profile_seconds: float = setting(
        5.0,
        "How long the best candidates that pass every test may be measured once a "
        "search has ended (docs/profile.md). 0: not at all.",
        in_repository=True,
        minimum=0,
    )
    seed: int | None = setting(
        None,
        "Makes our own choices repeatable, and the model's where it understands it.",
        in_repository=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextSettings:
    """What a model is shown beside the target's module and its tests."""

    exclude: tuple[str, ...] = setting(
        DEFAULT_EXCLUDES,
        "Files that no model is shown any of, by patterns as in a `.gitignore`. A "
        "repository may only add to them.",
        in_repository=True,
    )
    max_tokens: int = setting(
        1500,
        "How much of the rest of the project a prompt may hold: definitions that the "
        "target and its tests use, and calls of it.",
        in_repository=True,
        minimum=0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSettings:
    """Section `tests`; no class of ours is named `Test...`, pytest would collect it."""

    select: tuple[str, ...] = setting(
        (),
        "Test files, folders or pytest node ids. Empty: found by imports and names.",
        in_repository=True,
    )
    args: tuple[str, ...] = setting(
        (),
        "Further arguments for pytest, before our own, such as `-m`, `not slow`.",
        in_repository=True,
    )
    timeout_seconds: float = setting(
        5.0, "How long one test may take.", in_repository=True, minimum=0.1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSettings:
    """How an execution of a candidate is confined, and what it may use."""

    tier: Literal["auto", "A", "B", "C"] = setting(
        "auto",
        "How strongly executions have to be confined (docs/sandbox.md): with `A` or `B` "
        "nothing runs where that does not work; `C` has limits only, and needs "
        "`orps.sandbox.unconfined`. `auto`: the strongest that isolates.",
        scope=Scope.MACHINE,
    )
    unconfined: tuple[str, ...] = setting(
        (),
        "Folders of projects whose candidates may run with limits only (tier C): with "
        "the rights of your own account, which protects from accidents and not from "
        "malice.",
        scope=Scope.MACHINE,
    )
    memory_mb: int = setting(
        512,
        "Memory beyond what collecting the tests needs, in MiB.",
        scope=Scope.MACHINE,
        minimum=16,
    )
    cpu_seconds: float = setting(
        30.0, "CPU time of one execution.", scope=Scope.MACHINE, minimum=1
    )
    wall_seconds: float = setting(
        30.0, "Wall time of one execution.", scope=Scope.MACHINE, minimum=1
    )
    workers: int = setting(
        2, "Executions at a time.", scope=Scope.MACHINE, minimum=1, maximum=64
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalSettings:
    """What is kept of searches on this machine (docs/journal.md)."""

    enabled: bool = setting(
        True,
        "Write searches down as they go, so that they can be resumed and reported on.",
        scope=Scope.APPLICATION,
    )
    max_mb: int = setting(
        256,
        "Size of all stored searches together, in MiB; the oldest go first.",
        scope=Scope.APPLICATION,
        minimum=1,
    )
    max_days: int = setting(
        30,
        "Days after which a stored search is forgotten.",
        scope=Scope.APPLICATION,
        minimum=1,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    level: Literal["debug", "info", "warning", "error"] = setting(
        "warning", "What is logged.", scope=Scope.APPLICATION
    )
    file: str = setting("", "Log file, rotated. Empty: none.", scope=Scope.APPLICATION)
    prompts: bool = setting(
        False,
        "Keep the prompts of a search in its journal, word for word but for secrets "
        "(docs/journal.md). Else only their digests are kept.",
        scope=Scope.APPLICATION,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Section `orps`."""

    llm: LLMSettings = field(default_factory=LLMSettings)
    budget: BudgetSettings = field(default_factory=BudgetSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    context: ContextSettings = field(default_factory=ContextSettings)
    tests: CaseSettings = field(default_factory=CaseSettings)
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    log: LogSettings = field(default_factory=LogSettings)
    prices: Mapping[str, Mapping[str, float]] = setting(
        {},
        'What models cost, in US dollars per million tokens: `{"model": {"in": 1.1, '
        '"out": 4.4}}`. Empty: tokens are counted, and no money.',
        scope=Scope.MACHINE,
    )
    interpreter: str = setting(
        "",
        "The project's Python. Empty: its active or `.venv` environment, else PATH's.",
        scope=Scope.MACHINE_OVERRIDABLE,
    )
    code_lens: bool = setting(
        True, "Show one line above each stub.", in_repository=True
    )
    diagnostics: bool = setting(
        True, "Show the state of a search as a hint.", in_repository=True
    )
    hover: bool = setting(
        True, "Show ranked candidates when hovering over the name.", in_repository=True
    )
    inlay_hints: bool = setting(
        False,
        "Show the state of a search behind a stub's name; for editors without lenses.",
        in_repository=True,
    )
    inline_suggestions: Literal["off", "verified"] = setting(
        "off",
        "Offer the best candidate that passes all tests while a one-line stub is being "
        "edited. Never starts a search.",
        in_repository=True,
    )
    confirm_edits: bool = setting(
        False,
        "Have the editor ask before a candidate is put in place, where it can.",
        in_repository=True,
    )


CLIENT_SECTIONS = frozenset({"inlineDiff", "server", "trace"})
"""Read by the editor's extension alone; it sends them to us all the same."""


@cache
def _names() -> tuple[str, ...]:
    return tuple(leaf.name for leaf in leaves(Settings(), "orps"))


def settings_from_json(
    value: object, *, base: Settings | None = None
) -> tuple[Settings, tuple[str, ...]]:
    """Lay `value`, bare or under `orps`, over `base`; complaints are for people.

    `None`, for the whole or for a key, means not set. Dotted keys are understood.
    """
    reading = Reading(ignored=CLIENT_SECTIONS, names=_names())
    settings = reading.section(value, base or Settings(), root="orps")
    return settings, tuple(reading.complaints)


def settings_from_repository(
    value: object, *, base: Settings
) -> tuple[Settings, tuple[str, ...]]:
    """Like `settings_from_json`, but takes only what a repository may set."""
    reading = Reading(from_repository=True, names=_names())
    settings = reading.section(value, base, root="orps")
    kept = (*base.context.exclude, *settings.context.exclude)
    context = replace(settings.context, exclude=tuple(dict.fromkeys(kept)))
    return replace(settings, context=context), tuple(reading.complaints)
