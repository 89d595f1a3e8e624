"""Starts the worker: `PYTHON -B .../worker/__main__.py`, in the user's interpreter.

With an argument, it is the process of one candidate inside of valgrind instead.
"""

import sys

if __name__ == "__main__":
    # Python put this folder first on the path, where its modules would shadow the
    # user's own; it has to go before anything else is imported.
    del sys.path[0]

import types
from pathlib import Path


def become_package() -> None:
    """Make `orps_sandbox.worker` importable without its parent folder on the path.

    That folder may be the site-packages of the server's own environment, none of
    which may leak into the user's interpreter.
    """
    for name, folders in (
        ("orps_sandbox", []),
        ("orps_sandbox.worker", [str(Path(__file__).parent)]),
    ):
        package = types.ModuleType(name)
        package.__path__ = folders
        sys.modules[name] = package


if __name__ == "__main__":
    become_package()
    if len(sys.argv) > 1:
        from orps_sandbox.worker import cachegrind

        cachegrind.serve(sys.argv[1])
    from orps_sandbox.worker.zygote import main

    sys.exit(main())
