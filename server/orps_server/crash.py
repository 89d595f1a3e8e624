"""Where our own bugs leave their tracebacks: people are shown one line instead."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

MAX_BYTES = 1024 * 1024
N_OLD_FILES = 1


def crash_log() -> Path:
    # Imported late: most runs never need it.
    from platformdirs import user_log_path  # noqa: PLC0415

    return user_log_path("orps-lsp", appauthor=False) / "crash.log"


def record_crash(error: BaseException) -> Path | None:
    """Write the traceback down; `None` when even that is not possible."""
    file = crash_log()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            file, maxBytes=MAX_BYTES, backupCount=N_OLD_FILES, encoding="utf-8"
        )
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    record = logging.LogRecord(
        name=__name__,
        level=logging.ERROR,
        pathname="",
        lineno=0,
        msg="Unexpected error",
        args=None,
        exc_info=(type(error), error, error.__traceback__),
    )
    handler.handle(record)
    handler.close()
    return file
