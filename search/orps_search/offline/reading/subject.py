"""The code under test, as far as tests refer to it: the target and its class."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from orps_search.offline.reading.signature import (
    Signature,
    signature_of,
    target_signature,
)
from orps_search.problem import Problem
from orps_search.source.target import TargetKind

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    qualname: str
    kind: TargetKind
    signature: Signature
    class_name: str
    """Dotted; empty for a plain function."""
    definition: ast.ClassDef | None
    module: tuple[ast.stmt, ...]

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]

    def method(self, name: str) -> tuple[Function, Signature] | None:
        """Return a method of the target's class, other than the target itself."""
        if self.definition is None or name == self.name:
            return None
        for statement in self.definition.body:
            if isinstance(statement, Function) and statement.name == name:
                is_static = "staticmethod" in {
                    ast.unparse(each) for each in statement.decorator_list
                }
                return statement, signature_of(statement, skip_first=not is_static)
        return None

    def is_property(self, name: str) -> bool:
        found = self.method(name)
        return found is not None and any(
            ast.unparse(each).endswith("property") for each in found[0].decorator_list
        )


def subject_of(problem: Problem) -> Subject | None:
    """Return `None` where the target is a class or the module does not parse."""
    target = problem.target
    signature = target_signature(target)
    if signature is None:
        return None
    try:
        module = tuple(ast.parse(problem.runnable_text).body)
    except SyntaxError:
        module = ()
    class_name = target.qualname.rpartition(".")[0]
    return Subject(
        qualname=target.qualname,
        kind=target.kind,
        signature=signature,
        class_name=class_name,
        definition=_class_named(module, class_name) if class_name else None,
        module=module,
    )


def _class_named(body: tuple[ast.stmt, ...], dotted: str) -> ast.ClassDef | None:
    first, _, rest = dotted.partition(".")
    for statement in body:
        if isinstance(statement, ast.ClassDef) and statement.name == first:
            return _class_named(tuple(statement.body), rest) if rest else statement
    return None


def aliases_of(module: ast.Module) -> Mapping[str, str]:
    """Return what imported names stand for; a module stands for nothing at all.

    `from shop import Cart as Basket` makes `Basket` mean `Cart`, and `import shop.cart`
    makes `shop.cart.Cart` mean `Cart`.
    """
    aliases: dict[str, str] = {}
    for node in ast.walk(module):
        match node:
            case ast.ImportFrom(names=names):
                for each in names:
                    aliases[each.asname or each.name] = each.name
            case ast.Import(names=names):
                for each in names:
                    aliases[each.asname or each.name] = ""
            case _:
                pass
    return aliases


def resolved(dotted: str, aliases: Mapping[str, str]) -> str:
    """Return the name inside its module that a dotted name in a test stands for."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        meaning = aliases.get(".".join(parts[:length]))
        if meaning is None:
            continue
        rest = parts[length:]
        # `from shop import cart` followed by `cart.total` leaves a module in front.
        return ".".join([*([meaning] if meaning else []), *rest])
    return dotted
