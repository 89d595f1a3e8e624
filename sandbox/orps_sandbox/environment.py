"""The environment of a run: what it needs to behave, and nothing that is secret."""

import os
from collections.abc import Mapping
from pathlib import Path

_ALLOWED = {
    "CONDA_PREFIX",
    "LANG",
    "LANGUAGE",
    "LD_LIBRARY_PATH",
    "PATH",
    "PATHEXT",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD",
    "PYTHONPATH",
    "SYSTEMROOT",
    "TZ",
    "WINDIR",
}
_ALLOWED_PREFIX = "LC_"

_FIXED = {
    "MALLOC_ARENA_MAX": "2",  # each further arena takes address space from the limit
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",  # keeps the worker single-threaded, so it can fork
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}


def run_environment(
    outer: Mapping[str, str], *, interpreter: Path, scratch: Path
) -> dict[str, str]:
    """Build it from an allow-list: no key of a model can reach a candidate."""
    inner = {
        name: value
        for name, value in outer.items()
        if name in _ALLOWED or name.startswith(_ALLOWED_PREFIX)
    }
    inner |= _FIXED
    home, temporary = str(scratch / "home"), str(scratch / "tmp")
    inner |= {"HOME": home, "USERPROFILE": home}
    inner |= {"TMPDIR": temporary, "TEMP": temporary, "TMP": temporary}
    # The project's own environment counts as active, not the server's.
    folder = interpreter.parent
    if (folder.parent / "pyvenv.cfg").is_file():
        inner["VIRTUAL_ENV"] = str(folder.parent)
    inner["PATH"] = os.pathsep.join([str(folder), inner.get("PATH", os.defpath)])
    return inner
