"""Keys that an editor hands over by `orps/setSecret`: in memory, for this session.

They never enter this process's environment, which executions could be given, nor
anything that is written: `redaction.py` takes them out of every log record.
"""

import os
from collections import ChainMap
from collections.abc import Mapping


class SessionKeys:
    """By the name of the environment variable that each one stands for."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"SessionKeys({', '.join(sorted(self._values))})"

    def set(self, name: str, value: str | None) -> None:
        """`None` takes it away; then the environment's own counts again."""
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value

    @property
    def environment(self) -> Mapping[str, str]:
        """The process's environment as it is now, under the editor's keys."""
        return ChainMap(self._values, dict(os.environ))

    def values(self) -> tuple[str, ...]:
        return tuple(self._values.values())
