"""Results go to stdout, everything else to stderr; a closed stream is no error."""

import os
import sys
from typing import TextIO

from orps_server.errors import RequestFault


def write_result(text: str, encoding: str = "utf-8") -> None:
    """Write to stdout exactly, whatever the locale and the platform's line ends.

    A reader such as `head` may close the pipe early; what it did not want is dropped.
    Raises `RequestFault` where stdout cannot take it, such as on a disk that is full.
    """
    if sys.stdout is None:
        # Python has none where descriptor 1 was closed from the start: `>&-`.
        return
    content = text.encode(encoding.removesuffix("-sig"), errors="backslashreplace")
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _abandon(sys.stdout)
    except OSError as error:
        _abandon(sys.stdout)
        message = f"The result cannot be written to stdout: {error.strerror}."
        raise RequestFault(message, kind="badRequest") from error


def is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def tell(message: str) -> None:
    """One line for the person, on stderr."""
    if sys.stderr is None:
        return
    line = f"orps-lsp: {message}\n"
    encoding = sys.stderr.encoding
    try:
        sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding))
        sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)


def _abandon(stream: TextIO) -> None:
    """The interpreter flushes it once more at exit and would complain there."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
