"""The reference of the command line: a page made of the commands themselves, as `--help` shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from extensions.writing import write_page
from mlplab.cli import app


def write_command_page(path: Path) -> None:
    """Write the page of all commands, in reStructuredText."""
    write_page(path, _page())


def _page() -> Iterator[str]:
    group = typer.main.get_command(app)
    context = group.context_class(group, info_name="mlplab")
    yield from ("Command line", "============", "")
    yield from _paragraphs(group.help)
    yield "A mistake of the user's is told in one sentence, and the status is then 2. A trained network,"
    yield "a figure or a table is written whole or not at all, also if the command is interrupted."
    yield ""
    for command, inner in _commands(group, context):
        yield from _command(command, inner)


def _commands(group: Any, context: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each command with its context; in the place of a group its commands."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = command.context_class(command, info_name=name, parent=context)
        if hasattr(command, "list_commands"):
            yield from _commands(command, inner)
        else:
            yield command, inner


def _command(command: Any, context: Any) -> Iterator[str]:
    path = context.command_path
    yield from (path, "-" * len(path), "")
    yield f".. program:: {path}"
    yield ""
    usage = " ".join(command.collect_usage_pieces(context))
    yield from (".. code-block:: text", "", f"   {path} {usage}", "")
    yield from _paragraphs(command.help)
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record is None:
            continue
        names, text = record
        directive = "option" if names.startswith("-") else "describe"
        signature = " ".join(names.split())
        yield from (f".. {directive}:: {signature}", "", f"   {_escaped(text)}", "")


def _paragraphs(text: str | None) -> Iterator[str]:
    """Yield the paragraphs of a help text; an indented block, such as examples, stands as it is."""
    for paragraph in (text or "").replace("\b", "").strip().split("\n\n"):
        lines = paragraph.splitlines()
        plain = [line for line in lines if not line.startswith(" ")]
        yield _escaped(" ".join(plain))
        yield ""
        if len(plain) < len(lines):
            yield from (".. code-block:: text", "")
            yield from (f"   {line.removeprefix('    ')}" for line in lines if line.startswith(" "))
            yield ""


def _escaped(text: str) -> str:
    return re.sub(r"([\\*`_|<>])", r"\\\1", " ".join(text.split()))
