"""A copy with another look, as who copies would make it."""

from __future__ import annotations

import ast
import builtins
import random


class Renaming(ast.NodeTransformer):
    """Gives every variable and parameter of functions another name, and takes docstrings away."""

    def __init__(self, names: set[str]) -> None:
        self.names = {name: f"thing_{i}" for i, name in enumerate(sorted(names))}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self.names.get(node.arg, node.arg))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if ast.get_docstring(node) is not None and len(node.body) > 1:
            node.body = node.body[1:]
        return node


def disguised(text: str, seed: int = 0) -> str:
    """Return a file with other names, other layout, no comments, and its definitions shuffled."""
    tree = ast.parse(text)
    shuffle = random.Random(seed).shuffle
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for node in classes:
        methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
        others = [each for each in node.body if not isinstance(each, ast.FunctionDef)]
        shuffle(methods)
        node.body = [*others, *methods]
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    kept = {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef)}
    kept |= {each.arg for each in ast.walk(tree) if isinstance(each, ast.keyword) and each.arg}
    kept |= {*dir(builtins), "self", "np"}
    plain = ast.unparse(Renaming(names - kept).visit(tree))
    return plain.replace("    ", "\t").replace("):\n", "):  # now\n")
