"""Where log records go: warnings to stderr, more to a file that cannot grow.

Editors keep all that a server writes to stderr, for ever and as errors. Records of
pygls below WARNING hold whole messages, so secrets in them; they go nowhere.
"""

import logging
import os
import sys
from collections.abc import Callable, Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path

from orps_server.disclosure.redaction import redactor
from orps_server.settings import LogSettings

FILE_BYTES = 5 * 1024 * 1024
N_OLD_FILES = 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def configure_logging(
    settings: LogSettings,
    environment: Callable[[], Mapping[str, str]] = lambda: os.environ,
) -> None:
    """The level is for the file alone; what `environment` holds as keys is left out."""
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.setLevel(logging.WARNING)
    handlers: list[logging.Handler] = [to_stderr]
    if settings.file:
        to_file = RotatingFileHandler(
            Path(settings.file).expanduser(),
            maxBytes=FILE_BYTES,
            backupCount=N_OLD_FILES,
            encoding="utf-8",
            delay=True,
        )
        to_file.setLevel(settings.level.upper())
        handlers.append(to_file)
    for handler in handlers:
        handler.setFormatter(RedactingFormatter(environment))
        root.addHandler(handler)
    pin_library_loggers()


class RedactingFormatter(logging.Formatter):
    """Works on the finished text, so tracebacks and arguments are covered, too."""

    def __init__(self, environment: Callable[[], Mapping[str, str]]) -> None:
        super().__init__(_FORMAT)
        self._environment = environment

    def format(self, record: logging.LogRecord) -> str:
        return redactor(self._environment())(super().format(record))


def pin_library_loggers() -> None:
    for name in ("pygls", "openai", "httpx2", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # The record for a message that does not parse quotes the message.
    # One for a cancellation that came too late is no warning: every editor sends some.
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_worth_telling)


def _is_worth_telling(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(
        ("Unable to deserialize", "Failed to handle", "Cancel notification for unknown")
    )
