"""Why a text has no usable target; a value, since typing people cause it all day."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFault:
    kind: Literal["noSuchTarget", "syntaxError"]
    message: str
    """One sentence for the person, with the line where there is one."""
