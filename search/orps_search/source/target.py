"""A target: the function, method, property or class whose body is searched for."""

import enum
from dataclasses import dataclass


class TargetKind(enum.Enum):
    FUNCTION = "function"
    METHOD = "method"
    STATICMETHOD = "staticmethod"
    CLASSMETHOD = "classmethod"
    PROPERTY = "property"
    CLASS = "class"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One definition, by offsets (in code points) into its module's text."""

    qualname: str
    """Dotted from the module, such as `Outer.Inner.method`."""
    kind: TargetKind
    is_async: bool
    is_stub: bool
    """The body is `...`, `pass`, a docstring, `raise NotImplementedError`, comments
    with one of these; for a class: at least one method is such a stub."""
    start: int
    """The first decorator, or `def`/`class`."""
    name_start: int
    name_end: int
    body_start: int
    """Where replacing begins: after the header's colon, or after the docstring."""
    end: int
    """After the last character of the last statement or comment of the body."""
    header: str
    """Decorators and signature up to the colon, dedented."""
    docstring: str | None
    source: str
    """The whole definition, dedented; with `header` and `docstring` it is the
    identity by which a later text is recognised as unchanged."""
    parameters: tuple[str, ...]
    """Names in order, `self` or `cls` included; empty for a class."""
