import subprocess
import sys
from pathlib import Path

import pytest

from orps_server.cli.arguments import Serve, parse_arguments
from orps_server.cli.command import Command
from orps_server.cli.commands.doctor import Doctor
from orps_server.cli.commands.generate import Generate
from orps_server.cli.commands.prompt import Prompt
from orps_server.cli.commands.schema import Schema
from orps_server.cli.commands.verify import Verify
from orps_server.cli.options import Output, TargetName
from orps_server.cli.registry import SUMMARIES, command_type
from orps_server.errors import RequestFault
from orps_server.settings import Settings, settings_from_json

TARGET = TargetName(file="m.py", qualname="f")


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["--stdio"],
        ["--stdio", "--clientProcessId=123"],
        ["--clientProcessId=123", "--stdio", "--check-parent-process"],
    ],
)
def test_no_command_serves(argv: list[str]):
    assert parse_arguments(argv) == Serve(overrides={})


@pytest.mark.parametrize(
    "argv",
    [
        ["--socket=5000"],
        ["--pipe", "x"],
        ["nonsense"],
        ["generate"],
        ["generate", "m.py"],
        ["generate", "::f"],
        ["generate", "m.py::"],
        ["generate", "m.py::f", "--json", "--diff"],
        ["generate", "m.py::f", "--samples", "many"],
        ["generate", "m.py::f", "--bogus"],
        ["verify", "m.py::f"],
    ],
)
def test_what_is_wrong_is_a_fault_of_one_line(argv: list[str]):
    with pytest.raises(RequestFault) as info:
        parse_arguments(argv)
    assert "\n" not in str(info.value)
    assert "--help" in info.value.hint


def test_every_flag_of_the_contract_is_understood():
    argv = (
        "generate m.py::A.f --tests a.py --tests b.py::t --base-url http://x --model m "
        "--critic-model c --policy orps --samples 1 --rounds 2 --beam 3 "
        "--max-requests 4 --max-tokens 5 --max-seconds 6 --python py --seed 7 --json"
    )
    command = parse_arguments(argv.split())
    assert isinstance(command, Generate)
    assert command.target == TargetName(file="m.py", qualname="A.f")
    assert command.tests == ("a.py", "b.py::t")
    assert command.output is Output.JSON
    settings, complaints = settings_from_json(command.overrides)
    assert complaints == ()
    assert settings.llm.base_url == "http://x"
    assert (settings.llm.model, settings.llm.critic_model) == ("m", "c")
    search, budget = settings.search, settings.budget
    assert (search.samples, search.rounds, search.beam, search.seed) == (1, 2, 3, 7)
    assert budget.max_requests_per_search == 4
    assert budget.max_tokens_per_search == 5
    assert budget.max_seconds_per_search == 6
    assert settings.interpreter == "py"


def test_flags_that_were_not_given_override_nothing():
    command = parse_arguments(["generate", "m.py::f"])
    assert command == Generate(
        overrides={}, target=TARGET, tests=(), output=Output.RANKING
    )
    assert settings_from_json(command.overrides) == (Settings(), ())


@pytest.mark.parametrize(
    "argv",
    [
        ["--log-level", "debug", "generate", "m.py::f"],
        ["generate", "m.py::f", "--log-level", "debug"],
    ],
)
def test_logging_may_stand_before_or_after_the_command(argv: list[str]):
    assert parse_arguments(argv).overrides == {"log.level": "debug"}


def test_the_other_commands():
    assert parse_arguments(["prompt", "m.py::f"]) == Prompt(
        overrides={}, target=TARGET, tests=()
    )
    assert parse_arguments(["verify", "m.py::f", "--candidate", "c.py"]) == Verify(
        overrides={},
        target=TARGET,
        tests=(),
        candidate=Path("c.py"),
        output=Output.RANKING,
    )
    assert parse_arguments(["doctor", "--json"]) == Doctor(overrides={}, as_json=True)
    assert parse_arguments(["doctor", "--corpus", "bad", "--tier", "B"]) == Doctor(
        overrides={"sandbox.tier": "B"}, as_json=False, corpus=Path("bad")
    )
    assert parse_arguments(["schema"]) == Schema(overrides={})


def test_pytest_s_way_of_naming_a_method_is_understood():
    command = parse_arguments(["prompt", "m.py::A::f"])
    assert isinstance(command, Prompt)
    assert command.target.qualname == "A.f"


@pytest.mark.parametrize("name", SUMMARIES)
def test_every_command_in_the_registry_describes_itself(
    name: str, capsys: pytest.CaptureFixture[str]
):
    assert issubclass(command_type(name), Command)
    with pytest.raises(SystemExit):
        parse_arguments([name, "--help"])
    assert SUMMARIES[name] in capsys.readouterr().out


def test_a_server_does_not_wait_for_what_a_command_needs():
    parse = (
        "import sys; from orps_server.cli.arguments import parse_arguments; "
        "parse_arguments(['--stdio']); print(*sys.modules)"
    )
    imported = subprocess.check_output([sys.executable, "-c", parse], text=True).split()
    assert "orps_server.cli.registry" in imported
    assert not {"anyio", "openai", "pygls", "rich", "orps_search.run"} & set(imported)
