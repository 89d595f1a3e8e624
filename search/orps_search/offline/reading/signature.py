"""The target's signature, and which value goes to which parameter."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orps_search.offline.reading.symbols import Unknown
from orps_search.offline.values import Value
from orps_search.source.target import Target, TargetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A function's parameters, without `self` or `cls`."""

    positional: tuple[str, ...]
    keyword_only: tuple[str, ...]
    defaults: Mapping[str, ast.expr]
    star: str | None
    annotations: Mapping[str, str]
    returns: str

    @property
    def names(self) -> tuple[str, ...]:
        star = (self.star,) if self.star else ()
        return self.positional + star + self.keyword_only

    def bind(
        self,
        positional: Sequence[Value],
        named: Mapping[str, Value],
        defaults: Mapping[str, Value],
    ) -> dict[str, Value]:
        """Return the parameters' values; raise `Unknown` where Python would refuse."""
        bound: dict[str, Value] = dict(
            zip(self.positional, positional, strict=False)
        ) | dict(named)
        rest = tuple(positional[len(self.positional) :])
        if self.star:
            bound[self.star] = rest
        elif rest:
            raise Unknown
        for name in self.names:
            if name not in bound:
                if name not in defaults:
                    raise Unknown
                bound[name] = defaults[name]
        if set(bound) - set(self.names):
            raise Unknown
        return bound


def signature_of(
    node: ast.FunctionDef | ast.AsyncFunctionDef, *, skip_first: bool
) -> Signature:
    """Read a definition; the first parameter of a method is left out."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    late = positional[len(positional) - len(arguments.defaults) :]
    defaults = {
        argument.arg: default
        for argument, default in zip(late, arguments.defaults, strict=True)
    }
    for argument, default in zip(
        arguments.kwonlyargs, arguments.kw_defaults, strict=True
    ):
        if default is not None:
            defaults[argument.arg] = default
    everything = [*positional, *arguments.kwonlyargs]
    return Signature(
        positional=tuple(each.arg for each in positional[1 if skip_first else 0 :]),
        keyword_only=tuple(each.arg for each in arguments.kwonlyargs),
        defaults=defaults,
        star=arguments.vararg.arg if arguments.vararg else None,
        annotations={
            each.arg: ast.unparse(each.annotation)
            for each in everything
            if each.annotation is not None
        },
        returns=ast.unparse(node.returns) if node.returns is not None else "",
    )


def target_signature(target: Target) -> Signature | None:
    """Return `None` for a class or a header that does not parse alone."""
    try:
        tree = ast.parse(f"{target.header}\n    pass")
    except SyntaxError:
        return None
    match tree.body:
        case [ast.FunctionDef() | ast.AsyncFunctionDef() as node]:
            bound = {TargetKind.METHOD, TargetKind.PROPERTY, TargetKind.CLASSMETHOD}
            return signature_of(node, skip_first=target.kind in bound)
        case _:
            return None
