"""What a public function asks for, told from its own annotations when something else was given.

A call costs nothing more: only when an error of Python's own comes out of it are its arguments held against the
annotations, and the one that does not fit is named. If all fit, the error is a fault of ours and stays what it is.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import UnionType
from typing import Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin

from windowservice.errors import InvalidValue

__all__ = ["told"]

C = TypeVar("C", bound=Callable[..., Any])

_RAW: Final = (TypeError, AttributeError, ValueError, LookupError, ArithmeticError, RecursionError)
_ANYTHING: Final = frozenset({"Any", "object", "Self"})
_LISTS: Final = frozenset(
    {"Iterable", "Sequence", "Collection", "Iterator", "list", "tuple", "set", "frozenset", "Set"}
)
_MAPS: Final = frozenset({"Mapping", "dict"})
_WORDS: Final = {
    "str": "a text", "int": "a whole number", "bool": "True or False", "date": "a date", "Path": "a path",
    "datetime": "an instant with its zone", "float": "a number",
}  # fmt: skip


def told(asked: C) -> C:
    """Return a function that names the argument which is not what its annotation says; of a class, all its methods."""
    if not inspect.isclass(asked):
        return cast("C", _function(asked))
    for name, value in list(vars(asked).items()):
        if name.startswith("_") and name not in ("__init__", "__getitem__"):
            continue
        if isinstance(value, (classmethod, staticmethod)):
            setattr(asked, name, type(value)(_function(value.__func__)))
        elif inspect.isfunction(value):
            setattr(asked, name, _function(value))
    return asked


def _function(asked: Any) -> Any:
    if inspect.isgeneratorfunction(asked):
        return asked

    lists = _lists(asked)

    @functools.wraps(asked)
    def call(*args: Any, **given: Any) -> Any:
        for place, name in lists:
            if hasattr(type(args[place] if place < len(args) else given.get(name)), "__next__"):
                args, given = tuple(map(_drawn, args)), {name: _drawn(value) for name, value in given.items()}
                break
        try:
            return asked(*args, **given)
        except _RAW as error:
            if (wrong := _misfit(asked, args, given)) is None:
                raise
            raise wrong from error

    return call


def _lists(asked: Any) -> tuple[tuple[int, str], ...]:
    """Return place and name of each parameter that takes a list; one that goes by its name only has a place far off."""
    code, notes = inspect.unwrap(asked).__code__, asked.__annotations__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    places = (place if place < code.co_argcount else sys.maxsize for place in range(len(names)))
    return tuple((place, name) for place, name in zip(places, names, strict=True) if _mentions_list(notes.get(name)))


def _mentions_list(annotation: object) -> bool:
    return isinstance(annotation, str) and any(f"{name}[" in annotation for name in _LISTS)


class _Drawn:
    """An iterator that remembers an item of each type that was drawn: once it is used up they are all that is left."""

    def __init__(self, items: Iterator[Any]) -> None:
        self._items = items
        self.seen: dict[type, Any] = {}

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        item = next(self._items)
        self.seen.setdefault(type(item), item)
        return item


def _drawn(value: Any) -> Any:
    kind = type(value)
    return _Drawn(value) if hasattr(kind, "__next__") and kind.__module__ == "builtins" else value


def _misfit(asked: Any, args: tuple[Any, ...], given: dict[str, Any]) -> InvalidValue | None:
    """Return the error for the first argument that does not fit; None if all do, or their number is wrong."""
    signature = inspect.signature(asked)
    try:
        bound = signature.bind(*args, **given).arguments
    except TypeError:
        return None
    known = _Names(asked.__globals__)
    for name, value in bound.items():
        parameter = signature.parameters[name]
        if not isinstance(parameter.annotation, str):
            continue
        node = ast.parse(parameter.annotation, mode="eval").body
        several = {name: value}
        if parameter.kind is parameter.VAR_KEYWORD:
            several = value
        elif parameter.kind is parameter.VAR_POSITIONAL:
            several = {f"{name}[{at}]": one for at, one in enumerate(value)}
        for called, one in several.items():
            if not known.fits(one, node):
                return InvalidValue(called, one, _in_words(node))
    return None


class _Names:
    """What the names in an annotation stand for: those of its module, and what only type checkers import there."""

    def __init__(self, module: dict[str, Any]) -> None:
        self.module = module

    def fits(self, value: object, node: ast.expr) -> bool:
        if isinstance(node, ast.BinOp):
            return self.fits(value, node.left) or self.fits(value, node.right)
        if isinstance(node, ast.Constant):
            return (
                value is None if node.value is None else self.fits(value, ast.parse(str(node.value), mode="eval").body)
            )
        name = _name(node.value if isinstance(node, ast.Subscript) else node)
        if not name or name in _ANYTHING:
            return True
        return self._fits_named(value, name, _inner(node))

    def _fits_named(self, value: object, name: str, inner: list[ast.expr]) -> bool:
        if name == "Literal":
            return any(isinstance(one, ast.Constant) and type(value) is str and one.value == value for one in inner)
        if name == "Callable":
            return callable(value)
        if name == "type":
            wanted = _name(inner[0]) if inner else "object"
            return isinstance(value, type) and (wanted in _classes(value) or not isinstance(self._found(wanted), type))
        if name in _MAPS:
            return isinstance(value, Mapping) and (
                len(inner) < 2 or all(self.fits(k, inner[0]) and self.fits(v, inner[1]) for k, v in value.items())
            )
        if name in _LISTS:
            return isinstance(value, Iterable) and not isinstance(value, (str, bytes)) and self._items_fit(value, inner)
        if name in ("float", "int") and isinstance(value, bool):
            return False
        if name == "float" and isinstance(value, int):
            return True
        if name in _classes(type(value)):
            return True
        found = self._found(name)
        if inspect.isabstract(found):  # a Path is a PathLike by what it can do, not by its ancestors
            return isinstance(value, found)
        return self._fits_alias(value, found)

    def _items_fit(self, value: object, inner: list[ast.expr]) -> bool:
        """Whether the items fit; of an iterator, those that were drawn."""
        if not inner or not isinstance(value, Iterable):
            return True
        items = list(value.seen.values() if isinstance(value, _Drawn) else () if isinstance(value, Iterator) else value)
        if len(inner) > 1 and not (isinstance(inner[1], ast.Constant) and inner[1].value is ...):  # tuple[int, str]
            return len(items) == len(inner) and all(map(self.fits, items, inner))
        return all(self.fits(one, inner[0]) for one in items)

    def _found(self, name: str) -> Any:
        """Return what a name stands for in the module of the function, in another of ours or in Python, or None."""
        if name in self.module or hasattr(builtins, name):
            return self.module.get(name, getattr(builtins, name, None))
        ours = (vars(module) for path, module in sorted(sys.modules.items()) if path.startswith("windowservice."))
        return next((names[name] for names in ours if name in names), None)

    def _fits_alias(self, value: object, found: Any) -> bool:
        """Whether a value fits what a name stands for that is no class among its own."""
        if isinstance(found, str):
            return self.fits(value, ast.parse(found, mode="eval").body)
        if get_origin(found) is Literal:
            return type(value) is str and value in get_args(found)
        if get_origin(found) in (Union, UnionType):
            return any(one is Any or _is_of(value, one) for one in get_args(found))
        return found is not None and not isinstance(found, type)  # a type variable and its like: anything


def _is_of(value: object, one: Any) -> bool:
    kind = get_origin(one) or one
    return value is None if one is type(None) else isinstance(value, kind) if isinstance(kind, type) else True


def _classes(cls: type) -> tuple[str, ...]:
    return tuple(base.__name__ for base in cls.__mro__)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _inner(node: ast.expr) -> list[ast.expr]:
    if not isinstance(node, ast.Subscript):
        return []
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def _in_words(node: ast.expr) -> str:
    if isinstance(node, ast.BinOp):
        return f"{_in_words(node.left)} or {_in_words(node.right)}"
    if isinstance(node, ast.Constant):
        return str(node.value)
    name = _name(node.value if isinstance(node, ast.Subscript) else node)
    inner = _inner(node)
    if name in _LISTS:
        return f"a list, each item {_in_words(inner[0])}" if inner else "a list"
    if name in _MAPS:
        return f"a mapping, each value {_in_words(inner[1])}" if len(inner) > 1 else "a mapping"
    if name == "Literal":
        return " or ".join(repr(one.value) for one in inner if isinstance(one, ast.Constant))
    if name == "type":
        return f"a class of {_name(inner[0])}" if inner else "a class"
    return _WORDS.get(name, f"{'an' if name[:1] in 'AEIOU' else 'a'} {name}")
