"""Which subcommands there are; a new one is a module and a line here."""

from collections.abc import Mapping
from importlib import import_module

from orps_server.cli.command import Command

SUMMARIES: Mapping[str, str] = {
    "generate": "search, and show ranked candidates",
    "verify": "run one given body, without a model",
    "distinguish": "ask which of the candidates that pass every test is meant",
    "strength": "say which changes of a body the tests would not notice",
    "resume": "go on with a search that was interrupted or ran out of budget",
    "searches": "list the searches that are kept",
    "report": "tell what happened in a search, and why it stopped",
    "export": "write searches as data for training",
    "replay": "play policies over a search that is kept, without any call",
    "prompt": "print what would be sent, and send nothing",
    "bench": "compare search policies on problems with hidden tests",
    "label": "label each statement of a body by executing its mutants",
    "prm": "train a process reward model of lines on labels",
    "doctor": "say what works here and what does not",
    "schema": "print the JSON schema of the settings",
}
"""A line of `--help` by the name of each subcommand, in the order of that page."""


def command_type(name: str) -> type[Command]:
    """Import the module of the subcommand, which says `COMMAND = ItsType`."""
    module = import_module(f"orps_server.cli.commands.{name.replace('-', '_')}")
    found: type[Command] = module.COMMAND
    return found
