"""The profile of Seatbelt, macOS's sandbox, for one worker; pure text.

All is denied that is not named.  Whatever a worker starts inherits it for good.  The
language is Apple's own and not documented; this has not been run on a real machine yet.
"""

from collections.abc import Iterable
from pathlib import Path

PROGRAM = "/usr/bin/sandbox-exec"

_SYSTEM = (
    "/System",
    "/usr",
    "/bin",
    "/sbin",
    "/Library/Frameworks",
    "/Library/Developer",
    "/opt/homebrew",
    "/opt/local",
    "/private/etc/localtime",
    "/private/var/db/timezone",
    "/private/var/db/dyld",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_RULES = """\
(version 1)
(deny default)
(allow process-fork)
(allow process-exec)
(allow process-info* (target same-sandbox))
(allow signal (target self))
(allow signal (target children))
(allow sysctl-read)
(allow ipc-posix-sem)
(allow file-read-metadata)
(allow file-ioctl (literal "/dev/null"))
"""


def profile(writable: Path, readable: Iterable[Path]) -> str:
    """Read the system and `readable`, write below `writable` only, no network.

    Paths are compared with links resolved, as the kernel does.
    """
    read = [*map(Path, _SYSTEM), *readable, writable]
    lines = [
        _allow("file-read*", "subpath", read),
        _allow("file-read* file-write*", "literal", map(Path, _DEVICES)),
        _allow("file-write*", "subpath", [writable]),
    ]
    return _RULES + "".join(lines)


def _allow(operations: str, kind: str, paths: Iterable[Path]) -> str:
    chosen = dict.fromkeys(str(path) for path in paths)
    named = "".join(f"\n  ({kind} {_text(path)})" for path in chosen)
    return f"(allow {operations}{named})\n"


def _text(path: str) -> str:
    """A text of the profile's language, in which only these two are special."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
