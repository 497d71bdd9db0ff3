"""The pages of the Python reference: one for each public package, made of its `__all__`.

A page has a table of the names, and then each name with its docstring, grouped by the files that they
stand in, since a file is a concept here and is named after it.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_origin

from extensions.public_names import PACKAGES, PublicName, documented_at, public_names
from extensions.writing import write_page

_INHERITED_FROM = (
    "BaseModel, BaseSearchCV, BaseEstimator, ClassifierMixin, RegressorMixin, Mapping, "
    "BaseException"
)
"""Methods of these classes, and of what they inherit from, are not listed: they are not ours."""

_OTHERS = (
    "model_config, model_construct, model_copy, copy, "  # pydantic's
    "get_metadata_routing, set_fit_request, set_partial_fit_request, set_score_request"  # scikit-learn's
)


def write_api_pages(folder: Path) -> None:
    """Write the pages of all packages, and the list of them, into a folder of reStructuredText."""
    places = documented_at()
    for package in PACKAGES:
        write_page(folder / f"{package}.rst", _package_page(package, places))
    write_page(folder / "index.rst", _index_page())


def _index_page() -> Iterator[str]:
    yield from _title("Python reference", "=")
    yield "Every public name, from the docstrings, whose examples are run as tests."
    yield ""
    yield from _table((f":doc:`{name} <{name}>`", _paragraph(name)) for name in PACKAGES)
    yield from (".. toctree::", "   :hidden:", "   :maxdepth: 1", "")
    yield from (f"   {package}" for package in PACKAGES)


def _package_page(package: str, places: dict[str, str]) -> Iterator[str]:
    names = public_names(package)
    yield from _title(package, "=")
    yield f".. module:: {package}"
    yield ""
    yield _paragraph(package)
    yield ""
    yield from _table((f":py:obj:`~{places[each.path]}`", each.summary) for each in names)
    here = [each for each in names if places[each.path] == each.path]
    here.sort(key=lambda each: each.home)
    for home, group in groupby(here, key=lambda each: each.home):
        if package not in {home, "mlplab"}:
            yield from _title(home.rpartition(".")[2].replace("_", " ").capitalize(), "-")
            yield _paragraph(home)
            yield ""
        for each in group:
            yield from _entry(each, places)


def of_public(value: Any, places: dict[str, str]) -> bool:
    """Tell whether a class is in the reference, and so its members are."""
    return f"{value.__module__}.{value.__qualname__}" in places


def _entry(each: PublicName, places: dict[str, str]) -> Iterator[str]:
    if each.kind == "data":
        yield f".. py:data:: {each.name}"  # of the module that the page begins with
        value = repr(each.value).removeprefix("typing.")
        of_words = get_origin(each.value) is Literal
        if of_words or (isinstance(each.value, str | int | float | tuple) and len(value) < 80):
            yield f"   :value: {value}"
        yield ""
        yield from (f"   {line}" if line else "" for line in each.docstring.splitlines())
        if isinstance(each.value, Mapping) and all(isinstance(key, str) for key in each.value):
            yield ""
            yield f"   Keys: {', '.join(f'``{key}``' for key in each.value)}."
    elif each.kind == "function":
        yield f".. autofunction:: {each.path}"
    else:
        yield f".. auto{each.kind}:: {each.path}"
        yield "   :members:"
        yield f"   :exclude-members: {_OTHERS}"
        if any(of_public(base, places) for base in each.value.__bases__):
            yield "   :show-inheritance:"
        if not any(of_public(base, places) for base in each.value.__mro__[1:]):
            yield f"   :inherited-members: {_INHERITED_FROM}"
    yield ""


def _paragraph(module: str) -> str:
    text = inspect.cleandoc(importlib.import_module(module).__doc__ or "")
    return " ".join(text.partition("\n\n")[0].split())


def _title(text: str, line: str) -> tuple[str, str, str]:
    return text, line * len(text), ""


def _table(rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    yield from (".. list-table::", "   :class: names", "   :widths: auto", "")
    for name, text in rows:
        yield f"   * - {name}"
        yield f"     - {text}"
    yield ""
