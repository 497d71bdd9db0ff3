"""Variants of a part: which values stand where after a change, before they are validated again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from mlplab.errors import SpecError, shown
from mlplab.spec.canonical import added_later
from mlplab.spec.refused import hint


@dataclass(frozen=True)
class TakenWhole:
    """Marks a field that is a table of the user's own names: it is changed as a whole."""


class Variant(dict[str, Any]):
    """The fields of a part with some of them changed, not validated yet.

    Attributes
    ----------
    part : BaseModel
        What is varied.
    changed : set of str
        Fields that were set, or in which something was set. The others came along with the part, so
        that those that a part of another kind does not have are left out.

    Notes
    -----
    The parts that validate it must receive it as it is, not as a copy of its items.
    """

    def __init__(self, part: BaseModel) -> None:
        super().__init__({name: getattr(part, name) for name in type(part).model_fields})
        self.part = part
        self.changed: set[str] = set()

    @property
    def known(self) -> bool:
        """Whether the fields are still those of the part, because its kind has not changed."""
        return bool(self.get("kind") == getattr(self.part, "kind", None))

    def without(self, names: Iterable[str]) -> Variant:
        """Return a copy that lacks these fields, except those of them that were changed."""
        dropped = set(names) - self.changed
        copy = Variant(self.part)
        copy.clear()
        copy.update({name: value for name, value in self.items() if name not in dropped})
        copy.changed = self.changed
        return copy


def vary(part: BaseModel, changes: Mapping[str, Any]) -> Variant:
    """Return the fields of a part with some values changed; `Part.varied` validates them.

    Parameters
    ----------
    part : Part
    changes : mapping of str to object
        Values by their paths, such as `training.optimizer.nesterov`.

    Raises
    ------
    SpecError
        If a path leads to no field.
    """
    if not isinstance(changes, Mapping):
        raise SpecError(
            "changes must be a table of values by their paths, "
            f"as in {{'training.batch_size': 64}}, received {shown(changes)}"
        )
    values: dict[tuple[str, ...], Any] = {}
    for path, value in _single(part, changes):
        if path in values:
            raise SpecError(f"{'.'.join(path)} is changed twice: to {values[path]!r} and {value!r}")
        values[path] = value
    variant = Variant(part)
    # What holds others is set first, and a kind before the fields that only this kind has.
    for path in sorted(values, key=lambda path: (len(path), path[-1] != "kind")):
        _set(variant, path, values[path])
    return variant


def _single(part: Any, changes: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Go through the changes, those in tables without a kind one by one."""
    for name, value in changes.items():
        if not isinstance(name, str):
            raise SpecError(f"a path such as 'training.batch_size' was expected, received {name!r}")
        path = tuple(name.split("."))
        inner, is_whole = _followed(part, path)
        if isinstance(value, Mapping) and value and "kind" not in value and not is_whole:
            yield from ((path + below, each) for below, each in _single(inner, value))
        else:
            yield path, value


def _followed(part: Any, path: Iterable[str]) -> tuple[Any, bool]:
    """Return what stands at a path, None if nothing does, and whether it is changed as a whole."""
    is_whole = False
    for step in path:
        field = type(part).model_fields.get(step) if isinstance(part, BaseModel) else None
        is_whole = field is not None and any(isinstance(m, TakenWhole) for m in field.metadata)
        part = getattr(part, step) if field is not None else None
    return part, is_whole


def _set(variant: Variant, path: tuple[str, ...], value: Any) -> None:
    """Set one value, going down from the part that is varied."""
    root = variant.part
    table: dict[str, Any] = variant
    for i, step in enumerate(path):
        fresh = True
        if isinstance(table, Variant):
            if table.known and step not in table:
                raise _unknown_field(root, table.part, path, i)
            fresh = step in table.changed
            table.changed.add(step)
        present = table.get(step)
        if present is None and isinstance(table, Variant) and _may_hold_part(table.part, step):
            present = {}
        if i == len(path) - 1:
            # An empty table changes nothing of what is there.
            is_empty = isinstance(value, Mapping) and not value
            table[step] = present if is_empty and present is not None else value
            return
        inner = _inner(present, fresh)
        if inner is None:
            raise SpecError(
                f"{type(root).__name__}: {'.'.join(path[: i + 1])} is {shown(table.get(step))}, "
                f"which has no field {path[i + 1]!r}: change it as a whole"
                f"{_whole_of(table, path[i:]) if present is None else ''}"
            )
        table[step] = table = inner


def _whole_of(table: dict[str, Any], path: tuple[str, ...]) -> str:
    """Show how a field that is None is set to what has a field below it, if it can be."""
    known = type(table.part).model_fields if isinstance(table, Variant) else {}
    if len(path) != 2 or path[0] not in known:
        return ""
    if any(isinstance(each, TakenWhole) for each in known[path[0]].metadata):
        return f', such as {path[0]}={{"{path[1]}" = …}}'
    has_kinds = any(
        path[1] in kind.model_fields
        for form in get_args(known[path[0]].annotation)
        if isinstance(form, type) and issubclass(form, BaseModel)
        for kind in form.__subclasses__()
    )
    return f', such as {path[0]}={{kind = "…", {path[1]} = …}}' if has_kinds else ""


def _inner(value: Any, fresh: bool) -> dict[str, Any] | None:
    """Return a field's value as a table in which something can be set, None if it has no fields."""
    if isinstance(value, Variant):
        return value
    if isinstance(value, BaseModel):
        return Variant(value)
    if isinstance(value, Mapping):
        return dict(value)
    # A name that was set by the same changes stands for the part of this kind.
    return {"kind": value} if fresh and isinstance(value, str) else None


def _may_hold_part(part: BaseModel, name: str) -> bool:
    """Tell whether a field holds a part of one kind or none: a part in it begins with its defaults."""
    field = type(part).model_fields.get(name)
    return field is not None and any(
        isinstance(form, type) and issubclass(form, BaseModel) and "kind" not in form.model_fields
        for form in get_args(field.annotation)
    )


def _unknown_field(root: BaseModel, part: BaseModel, path: tuple[str, ...], i: int) -> SpecError:
    """Say that a path leads to no field, and which one may have been meant."""
    known = field_names(type(part))
    elsewhere = [f"'{other}'" for other in _paths(root) if other.split(".")[-1] == path[-1]]
    said = hint(path[i], known)
    if elsewhere:
        said = f"did you mean {' or '.join(elsewhere)}? (known: {', '.join(known)})"
    where = f"{type(root).__name__}: {'.'.join(path[:i])}: " if i else f"{type(root).__name__}: "
    return SpecError(f"{where}no field {path[i]!r} {named(type(part))}; {said}")


def field_names(part: type[BaseModel]) -> list[str]:
    """Return the names of a part's fields as people see them: its kind first, what came later last."""
    later = added_later(part)
    return sorted(part.model_fields, key=lambda name: (name != "kind", name in later))


def named(part: type[BaseModel]) -> str:
    """Return what a message says of where it looked for a field: in which kind, or just here."""
    kind = part.model_fields.get("kind")
    return f"in {kind.default!r}" if kind is not None else "here"


def _paths(part: BaseModel) -> Iterator[str]:
    """Go through the paths of all fields of a part and of the parts in it."""
    for name in type(part).model_fields:
        yield name
        value = getattr(part, name)
        if isinstance(value, BaseModel):
            for path in _paths(value):
                yield f"{name}.{path}"
