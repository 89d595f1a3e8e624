"""Results go to stdout, everything else to stderr; a closed pipe is no error."""

import os
import sys


def write_result(text: str, encoding: str = "utf-8") -> None:
    """Write to stdout exactly, whatever the locale and the platform's line ends.

    A reader such as `head` may close the pipe early; what it did not want is dropped.
    """
    content = text.encode(encoding.removesuffix("-sig"), errors="backslashreplace")
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # The interpreter flushes stdout once more at exit and would complain there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(message: str) -> None:
    """One line for the person, on stderr."""
    line = f"orps-lsp: {message}\n"
    encoding = sys.stderr.encoding
    try:
        sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding))
        sys.stderr.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
