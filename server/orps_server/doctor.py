"""What works here and what does not, each with what to do about it.

The sandbox is not asked whether it works: it runs one tiny test.
"""

import os
import platform
import tempfile
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import anyio

from orps_sandbox import apparmor
from orps_sandbox.errors import SandboxError
from orps_sandbox.executor import open_executor
from orps_sandbox.outcome import ExecutionOutcome, Tier
from orps_sandbox.program import CaseSelection, Collection, Program, Project
from orps_sandbox.tiers import Confinement
from orps_search.errors import ModelError
from orps_server.crash import crash_log
from orps_server.endpoint import Endpoint, configured_endpoint, listed_models
from orps_server.engine import limits_of
from orps_server.errors import RequestFault
from orps_server.interpreter import Interpreter, find_interpreter
from orps_server.isolation import Isolation, isolation_of
from orps_server.settings import LLMSettings, Settings
from orps_server.settings_layers import user_settings_file

PROBE = "test_probe.py"
PROBE_TEXT = "def test_probe():\n    assert True\n"

TIER_MEANING = {
    Tier.A: "namespaces, Landlock, seccomp and limits confine what runs",
    Tier.B: "Landlock, seccomp and limits confine what runs",
    Tier.M: "Seatbelt and limits confine what runs (not tried on a real Mac yet)",
    Tier.C: "time, memory, output and processes are limited, and your files are "
    "copies; candidates can still read your disk and use the network",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    name: str
    is_ok: bool
    finding: str
    remedy: str = ""


async def examine(root: Path, settings: Settings) -> AsyncGenerator[Check]:
    """Look at one thing after the other, slowest last."""
    yield _versions()
    yield _places()
    try:
        interpreter = find_interpreter(root, settings.interpreter, os.environ)
    except RequestFault as fault:
        yield Check(
            name="interpreter", is_ok=False, finding=str(fault), remedy=fault.hint
        )
    else:
        yield Check(
            name="interpreter",
            is_ok=True,
            finding=f"{interpreter.path}, because {interpreter.reason}",
        )
        yield await _sandbox(root, interpreter, settings)
    yield _key(settings.llm, os.environ)
    yield await _endpoint(settings.llm)


def _versions() -> Check:
    names = ("orps-lsp", "pygls", "openai")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return Check(
        name="versions",
        is_ok=True,
        finding=f"{versions}, Python {platform.python_version()}",
    )


def _places() -> Check:
    settings_file = user_settings_file()
    state = "" if settings_file.exists() else " (not there, not needed)"
    return Check(
        name="files",
        is_ok=True,
        finding=f"settings in {settings_file}{state}, crash reports in {crash_log()}",
    )


async def _sandbox(root: Path, interpreter: Interpreter, settings: Settings) -> Check:
    try:
        isolation = isolation_of(settings, root)
        confinement, collection, outcome = await _probe(
            interpreter, settings, isolation
        )
    except SandboxError as error:
        return Check(
            name="sandbox",
            is_ok=False,
            finding=str(error),
            remedy=_tier_remedy(interpreter),
        )
    except RequestFault as fault:
        return Check(name="sandbox", is_ok=False, finding=str(fault), remedy=fault.hint)
    finding = (
        f"tier {outcome.tier.value}: {TIER_MEANING[outcome.tier]}; "
        f"Python {collection.python_version}, pytest {collection.pytest_version}"
    )
    if confinement.resources:
        finding += f"; {confinement.resources}"
    if not outcome.all_passed:
        return Check(
            name="sandbox",
            is_ok=False,
            finding=f"a test that always passes did not: {_reason(outcome)}",
            remedy="Report this with the output of orps-lsp doctor --json.",
        )
    remedies = list(confinement.shortfalls)
    if outcome.tier is not Tier.A and confinement.shortfalls:
        remedies += filter(None, [_tier_remedy(interpreter)])
    return Check(
        name="sandbox", is_ok=True, finding=finding, remedy="\n".join(remedies)
    )


def _tier_remedy(interpreter: Interpreter) -> str:
    """The profile that is missing where AppArmor is what forbids tier A."""
    if not apparmor.is_in_the_way():
        return ""
    return apparmor.remedy(interpreter.path.resolve())


async def _probe(
    interpreter: Interpreter, settings: Settings, isolation: Isolation
) -> tuple[Confinement, Collection, ExecutionOutcome]:
    with tempfile.TemporaryDirectory(prefix="orps-doctor-") as folder:
        root = Path(folder)
        await anyio.Path(root, PROBE).write_text(PROBE_TEXT, encoding="utf-8")
        project = Project(root=root, interpreter=interpreter.path)
        selection = CaseSelection(node_ids=(PROBE,))
        async with open_executor(
            project,
            limits=limits_of(settings),
            slots=1,
            tier=isolation.tier,
            unconfined=isolation.unconfined,
        ) as executor:
            collection = await executor.collect(selection)
            program = Program(
                files={}, selection=selection, case_ids=collection.case_ids
            )
            outcome = await executor.run(program)
            return executor.confinement, collection, outcome


def _reason(outcome: ExecutionOutcome) -> str:
    messages = [case.message for case in outcome.cases if case.message]
    return outcome.detail or " ".join(messages) or outcome.termination.value


def _key(llm: LLMSettings, environment: Mapping[str, str]) -> Check:
    """Whether there is a key; never the key, not even a part of it."""
    state = "is set" if environment.get(llm.api_key_env) else "is not set"
    return Check(name="key", is_ok=True, finding=f"{llm.api_key_env} {state}")


async def _endpoint(llm: LLMSettings) -> Check:
    endpoint = configured_endpoint(llm)
    if endpoint is None:
        return Check(
            name="endpoint",
            is_ok=True,
            finding="no model is configured; the offline proposer solves small stubs "
            "and one-edit bugs",
            remedy="For more, set --base-url and --model, or orps.llm.baseUrl and "
            "orps.llm.model.",
        )
    return await _reached(llm, endpoint)


async def _reached(llm: LLMSettings, endpoint: Endpoint) -> Check:
    try:
        names = await listed_models(llm, endpoint)
    except ModelError as error:
        return Check(name="endpoint", is_ok=False, finding=str(error))
    if endpoint.model and endpoint.model not in names:
        return Check(
            name="endpoint",
            is_ok=False,
            finding=f"{endpoint.base_url} answers, but lists no model "
            f"{endpoint.model!r}",
            remedy=f"It has {', '.join(names[:5]) or 'none'}.",
        )
    return Check(
        name="endpoint",
        is_ok=True,
        finding=f"{endpoint.base_url} answers and lists {len(names)} models",
    )
