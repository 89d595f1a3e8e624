"""The process that reads a project for one prompt: a question in, pieces out.

Jedi is why it is one. It swaps the `sys.path` of its process while it looks for a module,
it imports compiled modules to learn what they hold, and its inference keeps the
interpreter to itself. Here nobody else imports anything, nothing of the project can be
imported, and nobody types.

A line of JSON asks, and each piece is a line of the answer as soon as it is found. Whoever
asked keeps the pipe open: when it closes, this process ends.
"""

import json
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from parso import cache

from orps_server.discovery.project_tree import ProjectTree
from orps_server.surroundings.gather import gather
from orps_server.surroundings.piece import Piece

if sys.platform != "win32":
    import resource


MAX_CPU_SECONDS = 5
"""Jedi's inference has no bound of its own; it takes a second as a rule."""


def main() -> None:
    question = sys.stdin.readline()
    _end_in_time()
    threading.Thread(target=_end_with_the_asker, daemon=True).start()
    refuse_foreign_imports()
    asked = json.loads(question)
    keep_nothing_of(Path(asked["root"]))
    for piece in _answer(asked):
        print(json.dumps(asdict(piece)), flush=True)  # noqa: T201 - the answer
    # Nothing is left to be tidied up, and jedi's many objects take their time.
    os._exit(0)


def refuse_foreign_imports() -> None:
    """From now on only what lies on our own `sys.path` can be imported.

    The list that jedi puts in its place is another object, whatever it holds.
    """
    own = sys.path

    def hook(event: str, _: tuple[object, ...]) -> None:
        if event == "import" and sys.path is not own:
            raise ImportError("nothing of a project is imported")

    sys.addaudithook(hook)


def keep_nothing_of(root: Path) -> None:
    """Let parso write to its cache what it has parsed of Python, and not of a project.

    It pickles every file into a folder of the person, also those that hold secrets, and
    has no setting to leave one out. Without its cache a reader takes four times as long.
    """
    parso_cache = cast("Any", cache)
    save = parso_cache._save_to_file_system  # noqa: SLF001

    def save_others(hashed_grammar: str, path: Path, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        if not Path(path).is_relative_to(root):
            save(hashed_grammar, path, *args, **kwargs)

    parso_cache._save_to_file_system = save_others  # noqa: SLF001


def _answer(asked: dict[str, Any]) -> Iterator[Piece]:
    files = ProjectTree(root=Path(asked["root"]), overlay=asked["overlay"])
    return gather(files, asked["module_path"], asked["qualname"], asked["tests"])


def _end_in_time() -> None:
    """Have the kernel kill this process; what it has told by then counts."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))


def _end_with_the_asker() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
