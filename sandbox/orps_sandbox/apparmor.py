"""The AppArmor profile that gives tier A back on Ubuntu 23.10 and later; pure text.

There, a program may make user namespaces only if a profile names it.  The switch that
turns this off does so for every program, which is more than anybody asked for.
"""

from pathlib import Path

SWITCH = "kernel/apparmor_restrict_unprivileged_userns"
PROFILE_FILE = "/etc/apparmor.d/orps-lsp"
_SPECIAL = '\\"*?[]{}^@'
"""What would mean something in the path of a profile."""


def is_in_the_way(system: Path = Path("/proc/sys")) -> bool:
    """Whether AppArmor keeps programs without a profile from making namespaces."""
    try:
        return (system / SWITCH).read_text(encoding="ascii").strip() == "1"
    except OSError:
        return False


def profile(interpreter: Path) -> str:
    """Allow namespaces to one interpreter, and confine it no further.

    AppArmor goes by the file that is executed, so links, as those of a virtual
    environment, have to be resolved before.
    """
    path = "".join(
        f"\\{each}" if each in _SPECIAL else each for each in str(interpreter)
    )
    return (
        "abi <abi/4.0>,\n"
        "include <tunables/global>\n"
        "\n"
        f'profile orps-lsp-python "{path}" flags=(unconfined) {{\n'
        "  userns,\n"
        "}\n"
    )


def remedy(interpreter: Path) -> str:
    """What to do, in words and with the profile's whole text."""
    return (
        f"AppArmor forbids user namespaces here; tier A needs them. To allow them to "
        f"{interpreter} alone (and to whatever it runs), write this to {PROFILE_FILE}:\n"
        f"\n{profile(interpreter)}\n"
        f"and load it: sudo apparmor_parser -r {PROFILE_FILE}"
    )
