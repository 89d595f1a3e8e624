"""Which names a piece of Python mentions, without running it."""

import ast
from dataclasses import dataclass

from orps_search.source.definitions import Function
from orps_search.source.dotted import dotted


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    names: frozenset[str] = frozenset()
    """Plain names, and the parameters through which pytest hands in fixtures."""
    attributes: frozenset[str] = frozenset()
    """`push` of `stack.push`, also where `getattr` names it."""
    chains: frozenset[str] = frozenset()
    """Dotted from a plain name: `app.stacks.Stack`."""

    def __or__(self, other: "Uses") -> "Uses":
        return Uses(
            names=self.names | other.names,
            attributes=self.attributes | other.attributes,
            chains=self.chains | other.chains,
        )


def uses_of(*nodes: ast.AST) -> Uses:
    names: set[str] = set()
    attributes: set[str] = set()
    chains: set[str] = set()
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        match node:
            case ast.Name(id=name):
                names.add(name)
            case ast.Attribute(attr=attribute):
                attributes.add(attribute)
                if chain := dotted(node):
                    chains.add(chain)
            case ast.Call(
                func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]
            ):
                attributes.add(name)
            case ast.Call(
                func=ast.Attribute(attr="usefixtures" | "getfixturevalue"), args=args
            ):
                names |= {
                    a.value
                    for a in args
                    if isinstance(a, ast.Constant) and isinstance(a.value, str)
                }
            case (
                ast.FunctionDef(args=parameters) | ast.AsyncFunctionDef(args=parameters)
            ):
                names |= {arg.arg for arg in (*parameters.args, *parameters.kwonlyargs)}
            case _:
                pass
    return Uses(
        names=frozenset(names),
        attributes=frozenset(attributes),
        chains=frozenset(chains),
    )


def uses_of_class_body(node: ast.ClassDef) -> Uses:
    """What building the class needs: all but its methods."""
    own = [s for s in node.body if not isinstance(s, Function | ast.ClassDef)]
    return uses_of(*node.bases, *node.decorator_list, *node.keywords, *own)
