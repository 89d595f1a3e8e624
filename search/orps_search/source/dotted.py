"""The text of a chain of names."""

import ast


def dotted(node: ast.expr) -> str:
    """`a.b.c` for an attribute chain that starts with a name, else nothing."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            before = dotted(value)
            return f"{before}.{attribute}" if before else ""
        case _:
            return ""
