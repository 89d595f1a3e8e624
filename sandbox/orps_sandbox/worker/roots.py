"""Which folders a confined run may read: an allow-list, so that secrets stay out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if sys.platform == "win32":
    pwd = None
else:
    import pwd

if TYPE_CHECKING:
    from collections.abc import Iterable

SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
    "/nix/store", "/gnu/store", "/run/current-system",
    "/etc/alternatives", "/etc/debian_version", "/etc/fonts", "/etc/gai.conf",
    "/etc/group", "/etc/host.conf", "/etc/hostname", "/etc/hosts", "/etc/ld.so.cache",
    "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/locale.alias", "/etc/localtime",
    "/etc/magic", "/etc/mime.types", "/etc/nsswitch.conf", "/etc/os-release",
    "/etc/passwd", "/etc/pki/tls/certs", "/etc/protocols", "/etc/services",
    "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/timezone",
    "/sys/devices/system/cpu", "/sys/fs/cgroup",
)  # fmt: skip

PROCESS_FILES = (
    "/proc/cpuinfo", "/proc/filesystems", "/proc/loadavg", "/proc/meminfo",
    "/proc/stat", "/proc/sys", "/proc/uptime", "/proc/version",
)  # fmt: skip
"""Of `/proc`, where it also shows the processes of others."""

DEVICES = ("/dev/full", "/dev/null", "/dev/random", "/dev/urandom", "/dev/zero")


def readable(linked: Iterable[str], *, real_root: str) -> tuple[str, ...]:
    """The system's folders, and all that this interpreter imports from.

    `linked` is what the private copy of the project only has links to.
    """
    closed = _closed_folders(real_root)
    paths = [*_of_this_interpreter(), *linked]
    allowed = [path for path in paths if not _opens(path, closed)]
    return tuple(dict.fromkeys([*SYSTEM, *allowed]))


def _of_this_interpreter() -> list[str]:
    executable = str(Path(sys.executable).resolve().parent)
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    paths = [*prefixes, executable, *sys.path, *libraries, *_editable()]
    return [path for path in paths if os.path.isabs(path)]  # noqa: PTH117 - may be ""


def _editable() -> list[str]:
    """Other projects that setuptools' editable installations load modules from."""
    found: list[str] = []
    for name, module in list(sys.modules.items()):
        if name.startswith("__editable__"):
            found += map(str, getattr(module, "MAPPING", {}).values())
    return found


def _closed_folders(real_root: str) -> list[Path]:
    """What no entry of a search path may open by standing above it."""
    homes = [] if pwd is None else [_home()]
    return [Path(path).resolve() for path in (*homes, real_root, "/etc", "/var/tmp")]  # noqa: S108


def _home() -> str:
    assert pwd is not None
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return "/root"


def _opens(path: str, closed: Iterable[Path]) -> bool:
    resolved = Path(path).resolve()
    return any(resolved == folder or resolved in folder.parents for folder in closed)
