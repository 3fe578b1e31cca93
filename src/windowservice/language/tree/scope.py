"""Which record an expression speaks of, and which records may meet in one expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import attrs

from windowservice.errors import ScopeMismatch, UnknownAttribute

if TYPE_CHECKING:
    from windowservice.language.tree.expr import Expr

__all__ = ["Over", "Scope", "Where", "merge", "scope_name", "up", "vocabulary_of"]

T = TypeVar("T")


@attrs.frozen
class Over:
    """The scope of an aggregate: whichever record has these children."""

    child: type


@attrs.frozen(eq=False)
class Where(Generic[T]):
    """A value at those children that fulfil a condition. It is no expression: a record may have many.

    Attributes:
        value: the value.
        condition: the condition on the child.
    """

    value: Expr[T]
    condition: Expr[bool]

    if not TYPE_CHECKING:  # or a type checker would take any name for a method

        def __getattr__(self, name: str) -> Any:
            """Refuse what only an expression has, with what to write."""
            if name.startswith("_"):
                raise AttributeError(name)
            written = f"{self.value}.where(...), which is for intervals (write .{name}(where=...) for a value),"
            raise UnknownAttribute(written, "method", name)


Scope: TypeAlias = "type | Over"


def _children(vocabulary: object) -> object:
    return getattr(vocabulary, "children", None)


def up(child: Scope) -> Scope:
    """Return the scope of an aggregate over children of that scope."""
    if isinstance(child, Over):
        parent = vocabulary_of(child)
        return Over(parent) if parent is not None else child
    return Over(child)


def vocabulary_of(scope: Scope | None) -> type | None:
    """Return the vocabulary a scope stands for: itself, or the first declared with such children; None without one."""
    if isinstance(scope, Over):
        parents: tuple[type, ...] = getattr(scope.child, "parents", ())
        return parents[0] if parents else None
    return scope


def merge(left: Scope | None, right: Scope | None) -> Scope | None:
    """Return the scope of an expression over both.

    Facts of one record go together; a child may read its parent's facts, which gives an expression of the child.

    Raises:
        ScopeMismatch: if no record has both.
    """
    if left is None or right is None:
        return right if left is None else left
    if left == right:
        return left
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Over):
            if not isinstance(other, Over) and _children(other) is one.child:
                return other
            if other is one.child:
                return other
        elif _children(one) is not None and _children(one) is other:
            return other
    raise ScopeMismatch(scope_name(left), scope_name(right))


def scope_name(scope: Scope | None) -> str:
    """Return a scope's name for messages."""
    if isinstance(scope, Over):
        return f"the record with {scope.child.__name__} children"
    return "no record" if scope is None else scope.__name__
