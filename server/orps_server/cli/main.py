"""Runs one command; the only place that catches everything."""

import logging
import traceback
from pathlib import Path

import anyio

from orps_server.cli.command import Command
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import tell
from orps_server.crash import record_crash
from orps_server.errors import RequestFault
from orps_server.faults import fault_in, raised
from orps_server.logs import configure_logging
from orps_server.settings import LogSettings, settings_from_json


def run(command: Command) -> ExitStatus:
    log = settings_from_json(command.overrides)[0].log
    configure_logging(log)
    # A log file that cannot be written must not put tracebacks on the terminal.
    logging.raiseExceptions = False
    try:
        _require_working_directory()
        return anyio.run(command.run)
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    except Exception as error:  # noqa: BLE001  (nothing is above us but the shell)
        return _failed(error, log)


def report(fault: RequestFault) -> ExitStatus:
    """Reason and remedy, a line each."""
    tell(f"error: {' '.join(str(fault).split())}")
    if fault.hint:
        tell(f"hint: {fault.hint}")
    return ExitStatus.FAULT


def _require_working_directory() -> None:
    """All paths on the command line are relative to it."""
    try:
        Path.cwd()
    except FileNotFoundError as error:
        raise RequestFault(
            "The working directory does not exist any more.",
            kind="badRequest",
            hint="Change to a folder that exists.",
        ) from error


def _failed(error: Exception, log: LogSettings) -> ExitStatus:
    if log.level == "debug":
        traceback.print_exception(error)
    fault = fault_in(error)
    if fault:
        return report(fault)
    place = record_crash(error)
    where = f"the traceback is in {place}" if place else "--log-level debug shows more"
    first = raised(error)[0]
    tell(f"error: internal error, {type(first).__name__}: {first}")
    tell(f"hint: this is a bug in orps-lsp; {where}.")
    return ExitStatus.FAULT
