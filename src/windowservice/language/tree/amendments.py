"""Changes to rules and figures of another pack: explicit verbs, each with a basis of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from windowservice.asked import told
from windowservice.domain.basis import Basis
from windowservice.errors import InvalidValue
from windowservice.language.tree.figures import check_values
from windowservice.language.tree.rule import Rule

__all__ = ["Adjust", "Amendment", "Replace", "Withdraw"]


def _instance_of(kind: type, wanted: str) -> Callable[[Any, attrs.Attribute[Any], Any], None]:
    def check(made: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, kind):
            raise InvalidValue(attribute.name, value, wanted, type(made).__name__)

    return check


_is_target = _instance_of(str, "the name of a rule or a figure")
_is_basis = _instance_of(Basis, "a Basis, as in ws.Basis('notice 5 of the branch')")


@told
@attrs.frozen
class Replace:
    """Put another rule in a rule's place.

    Attributes:
        target: the rule replaced, as ``pack/rule``.
        rule: the rule that stands there from now on.
        basis: why.
    """

    target: str = attrs.field(validator=_is_target)
    rule: Rule = attrs.field(validator=_instance_of(Rule, "a Rule"))
    basis: Basis = attrs.field(validator=_is_basis)


@told
@attrs.frozen
class Withdraw:
    """Take a rule out.

    Attributes:
        target: the rule withdrawn, as ``pack/rule``.
        basis: why.
    """

    target: str = attrs.field(validator=_is_target)
    basis: Basis = attrs.field(validator=_is_basis)


@told
@attrs.frozen
class Adjust:
    """Give a figure further values: what was in force before the first of their dates stays in force.

    Attributes:
        target: the figure's name.
        values: dated values, or such by key, as in `Figure`; from a date that has a value already, these count.
        basis: why.
        key_names: what the keys are called, in the order in which the values have them; empty if nobody says.

    Raises:
        InvalidValue: for a target or a basis that is none.
        InvalidRule, InvalidTime: for values without a date.
    """

    target: str = attrs.field(validator=_is_target)
    values: Mapping[Any, Any] = attrs.field()
    basis: Basis = attrs.field(validator=_is_basis)
    key_names: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    @values.validator
    def _dated(self, _attribute: object, values: object) -> None:
        check_values(self.target, values)


Amendment = Replace | Withdraw | Adjust
