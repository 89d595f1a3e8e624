"""A Python file on disk: exact text in, exact bytes out."""

import hashlib
import io
import os
import tempfile
import tokenize
from dataclasses import dataclass
from pathlib import Path

from orps_server.errors import RequestFault


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    path: Path
    text: str
    """With the line ends of the file, without its byte order mark."""
    encoding: str
    """As Python reads it: a cookie's (PEP 263), `utf-8-sig` with a mark, or UTF-8."""
    digest: str
    """Of the bytes on disk; empty for an unsaved text, which thus is never written."""


def unsaved_source(path: Path, text: str) -> SourceFile:
    return SourceFile(path=path, text=text, encoding="utf-8", digest="")


def read_source(path: Path) -> SourceFile:
    """Read a file as Python would, but keep its line ends."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise RequestFault(
            f"There is no file {path}.",
            kind="badRequest",
            hint="Check the path; a target is written FILE::QUALNAME.",
        ) from None
    except OSError as error:
        raise RequestFault(
            f"{path} cannot be read: {error.strerror}.", kind="badRequest"
        ) from error
    encoding = _encoding(path, content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(path, str(error)) from error
    return SourceFile(path=path, text=text, encoding=encoding, digest=_digest(content))


def write_source(source: SourceFile, text: str) -> None:
    """Replace the file by `text` at once or not at all, with its mode kept.

    Raises `RequestFault`, of kind `stale` when the file is no longer what was read.
    """
    content = _encoded(source, text)
    # A symbolic link stays one: what it points to is what gets replaced.
    path = source.path.resolve()
    try:
        if _digest(path.read_bytes()) != source.digest:
            raise RequestFault(
                f"{source.path} has changed since it was read; nothing was written.",
                kind="stale",
                hint="Run the command again.",
            )
        _replace(path, content)
    except OSError as error:
        raise RequestFault(
            f"{source.path} cannot be written: {error.strerror}.", kind="badRequest"
        ) from error


def _replace(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(path.stat().st_mode & 0o7777)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _encoded(source: SourceFile, text: str) -> bytes:
    try:
        return text.encode(source.encoding)
    except UnicodeEncodeError as error:
        raise RequestFault(
            f"The candidate has characters that {source.encoding}, the encoding of "
            f"{source.path}, cannot hold; nothing was written.",
            kind="badRequest",
            hint="Convert the file to UTF-8 first.",
        ) from error


def _encoding(path: Path, content: bytes) -> str:
    try:
        name, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError as error:
        raise _undecodable(path, str(error)) from error
    return name


def _undecodable(path: Path, reason: str) -> RequestFault:
    return RequestFault(
        f"{path} is not text that Python can read: {reason}.",
        kind="syntaxError",
        hint="Save it as UTF-8 or declare its encoding in the first line.",
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
