"""A formula of NumPy, written in C or JavaScript: read from the source of its Python function.

So an activation has one formula, in `mlplab.spec.activations`, with all that keeps it from overflowing.
A function is a few assignments and a result, all of single numbers: arithmetic, comparisons within
`np.where`, the functions of `Language.functions`, and numbers that have a name.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mlplab.errors import MlplabError


class Language(NamedTuple):
    """How a language writes formulas.

    Attributes
    ----------
    name : str
    functions : mapping of str to str
        A template for each function of NumPy and SciPy, as "fmax({0}, {1})".
    number : callable
        Writes a number.
    assignment : str
        Template of an assignment, with `{name}` and `{value}`.
    helpers : mapping of str to str
        The text of what a template calls and the language has not, by the function's name.
    taken : set of str
        Words that are no names of variables in this language.
    """

    name: str
    functions: Mapping[str, str]
    number: Callable[[float], str]
    assignment: str
    helpers: Mapping[str, str] = {}
    taken: frozenset[str] = frozenset()


class Translated(NamedTuple):
    """A formula in another language: lines of code that end in `return`, and what it calls."""

    lines: tuple[str, ...]
    functions: frozenset[str]


_OPERATORS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Add: ("+", 1),
    ast.Sub: ("-", 1),
    ast.Mult: ("*", 2),
    ast.Div: ("/", 2),
    ast.Lt: ("<", 0),
    ast.LtE: ("<=", 0),
    ast.Gt: (">", 0),
    ast.GtE: (">=", 0),
}
"""The sign of each, and how tightly it binds."""

_UNARY, _CALL = 3, 4


def translated(formula: Callable[..., Any], language: Language) -> Translated:
    """Return a function of z in another language.

    Raises
    ------
    MlplabError
        If the function has something that the language is not taught.

    Examples
    --------
    >>> from mlplab.models.c_code import C
    >>> from mlplab.spec.activations import ACTIVATIONS
    >>> print(*translated(ACTIVATIONS["elu"].function, C).lines)
    return (z > 0.0 ? z : expm1(fmin(z, 0.0)));
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(formula))).body[0]
    return _Translator(formula, language).function(tree)


class _Translator:
    def __init__(self, formula: Callable[..., Any], language: Language) -> None:
        self.formula, self.language = formula, language
        self.called: set[str] = set()
        self.known = {"z": "z"}
        """What a variable of the formula is called in the other language."""

    def function(self, tree: ast.AST) -> Translated:
        if not isinstance(tree, ast.FunctionDef) or len(tree.args.args) != 1:
            raise self._unknown(tree)
        self.known = {tree.args.args[0].arg: "z"}
        lines = [self._statement(node) for node in tree.body if not _is_docstring(node)]
        return Translated(tuple(lines), frozenset(self.called))

    def _statement(self, node: ast.stmt) -> str:
        match node:
            case ast.Return(value=ast.expr() as value):
                return f"return {self._text(value)[0]};"
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if name not in self.known:
                written = self._text(value)[0]
                self.known[name] = f"{name}_" if name in {"z", *self.language.taken} else name
                return self.language.assignment.format(name=self.known[name], value=written)
        raise self._unknown(node)

    def _text(self, node: ast.expr) -> tuple[str, int]:  # noqa: PLR0911  # one for each kind
        """Return an expression, and how tightly its outermost operator binds."""
        match node:
            case ast.Constant(value=int() | float() as number):
                return self.language.number(number), _CALL
            case ast.Name(id=name) if name in self.known:
                return self.known[name], _CALL
            case ast.Name(id=name) if isinstance(self._global(name), int | float):
                return self.language.number(self._global(name)), _CALL
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"-{self._within(operand, _CALL)}", _UNARY
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() as times)) if (
                times in (2, 3)
            ):
                factor = self._within(left, _UNARY)
                return " * ".join([factor] * times), 2
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                sign, binds = _OPERATORS[type(op)]
                return f"{self._within(left, binds)} {sign} {self._within(right, binds + 1)}", binds
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATORS:
                sign, binds = _OPERATORS[type(op)]
                return f"{self._within(left, 1)} {sign} {self._within(right, 1)}", binds
            case ast.Call(func=func, args=arguments, keywords=[]):
                name = func.attr if isinstance(func, ast.Attribute) else ast.unparse(func)
                if name in self.language.functions:
                    self.called.add(name)
                    written = [self._text(each)[0] for each in arguments]
                    return self.language.functions[name].format(*written), _CALL
        raise self._unknown(node)

    def _within(self, node: ast.expr, binds: int) -> str:
        text, own = self._text(node)
        return text if own >= binds else f"({text})"

    def _global(self, name: str) -> Any:
        return self.formula.__globals__.get(name)

    def _unknown(self, node: ast.AST) -> MlplabError:
        return MlplabError(
            f"the activation {self.formula.__name__} cannot be written in {self.language.name}: "
            f"'{ast.unparse(node)}' is not known there"
        )


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
