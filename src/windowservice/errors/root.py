"""The roots of all errors and warnings, and how a message begins and hints."""

from __future__ import annotations

from difflib import get_close_matches
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, Final, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Iterable

_FEW: Final = 12


_LONGEST: Final = 400


def nearest(name: object, known: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"`` for the known name nearest to `name`, or an empty text."""
    close = get_close_matches(str(name), list(known), n=1, cutoff=0.6)
    return meant(close[0] if close else "")


def meant(name: str) -> str:
    """Return ``" (did you mean 'x'?)"`` for the name that was meant, or an empty text."""
    return f" (did you mean {name!r}?)" if name else ""


def near_or_all(name: object, known: Iterable[str]) -> str:
    """Return `nearest`, or if nothing is near and the known names are few, all of them: ``"; known: a, b"``."""
    names = list(known)
    return nearest(name, names) or (f"; known: {', '.join(names)}" if 0 < len(names) <= _FEW else "")


def at(where: str) -> str:
    """Return ``"<where>: "`` or an empty text, to begin a message with its place."""
    return f"{where}: " if where else ""


def written(value: object) -> str:
    """Return a value as it is shown in a message, cut if it is long; what cannot be written out, by its type."""
    try:
        said = repr(value)
    except Exception:  # a number of thousands of digits, or an object of somebody's own
        return f"<{type(value).__name__} that cannot be written out>"
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}..."


class WindowserviceError(Exception):
    """Root of all errors raised on purpose by this library.

    A message is put together here: the place (a value `where`), what is wrong, and what to write instead (`instead`).

    Attributes:
        says: what is wrong, as a template over the values; a class whose words depend on them says it in `_said`.
        ends: how what to write instead ends the message.
    """

    says = ""
    ends = "; {}"

    def _said(self) -> str:
        """Return what is wrong, without the place and what to do."""
        return self.says.format_map(vars(self)) if self.says else super().__str__()

    def __str__(self) -> str:
        instead = getattr(self, "instead", "")
        return f"{at(getattr(self, 'where', ''))}{self._said()}{self.ends.format(instead) if instead else ''}"


class WindowserviceWarning(UserWarning):
    """Root of all warnings given by this library."""


E = TypeVar("E", bound=WindowserviceError)


@dataclass_transform(eq_default=False)
def valued(kind: type[E]) -> type[E]:
    """Return an error class whose errors carry the values that its body names, in that order.

    As attrs would make it, but without code generated for each of forty classes: every start would wait for that.
    """
    names = (*getattr(kind, "__match_args__", ()), *get_annotations(kind))
    for name, value in (("__match_args__", names), ("__init__", _carry), ("__repr__", _shown)):
        setattr(kind, name, value)
    return kind


def _carry(error: Any, *values: Any, **named: Any) -> None:
    kind, names = type(error), error.__match_args__
    given = dict(zip(names, values, strict=False))
    if len(values) > len(names) or given.keys() & named or named.keys() - set(names):
        raise TypeError(f"{kind.__name__} takes {', '.join(names)}, each once")
    given |= named
    for name in names:
        if name not in given and not hasattr(kind, name):
            raise TypeError(f"{kind.__name__} needs {name}")
        setattr(error, name, given[name] if name in given else getattr(kind, name))
    Exception.__init__(error, *(getattr(error, name) for name in names))  # what a copy or a pickle is made from


def _shown(error: Any) -> str:
    return f"{type(error).__name__}({', '.join(f'{name}={getattr(error, name)!r}' for name in error.__match_args__)})"
