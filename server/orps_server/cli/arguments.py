"""From the words of a command line to what was asked for, as a type.

Nothing heavy is imported here: a language server starts with it.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from orps_server import __version__
from orps_server.cli.command import Command, Configured
from orps_server.cli.options import add_logging, overrides, usage_fault
from orps_server.cli.registry import SUMMARIES, command_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve(Configured):
    """No subcommand: be a language server."""


_OTHER_TRANSPORTS = frozenset({"--socket", "--pipe", "--port", "--tcp", "--node-ipc"})


def parse_arguments(argv: Sequence[str]) -> Serve | Command:
    """Read the command line; raises `RequestFault` for what is wrong with it.

    `--help` and `--version` print and raise `SystemExit`.
    """
    known, unknown = _parser(None).parse_known_args(list(argv))
    if known.command is None:
        _require_harmless(unknown)
        return Serve(overrides=overrides(known))
    # Only now is it known whose flags there are, and which module to import for them.
    known, unknown = _parser(known.command).parse_known_args(list(argv))
    if unknown:
        raise usage_fault(f"unrecognized arguments: {' '.join(unknown)}")
    return command_type(known.command).read(known)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line; its status is ours, not argparse's 2."""

    def error(self, message: str) -> NoReturn:
        raise usage_fault(message)


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    """All commands are known by name, the chosen one with its flags."""
    parser = _Parser(
        prog="orps-lsp",
        description="Search for implementations of a stub and show what was executed. "
        "Without a command: serve LSP on stdio.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument(
        "--stdio", action="store_true", help="serve on stdio (the default)"
    )
    parser.add_argument(
        "--check-parent-process",
        action="store_true",
        help="accepted for editors that say it; the server always watches its parent",
    )
    add_logging(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, what in SUMMARIES.items():
        command = commands.add_parser(
            name,
            help=what,
            description=what,
            allow_abbrev=False,
            add_help=name == chosen,
        )
        if name == chosen:
            command_type(name).declare(command)
    return parser


def _require_harmless(unknown: Sequence[str]) -> None:
    """Let pass what editors add on their own, such as `--clientProcessId=123`."""
    for argument in unknown:
        name = argument.partition("=")[0]
        if name in _OTHER_TRANSPORTS or not name.startswith("--"):
            raise usage_fault(f"{argument} is not understood; LSP is served on stdio")
