"""Changes to rules and figures of another pack: explicit verbs, each with a basis of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from windowservice.domain.basis import Basis
from windowservice.language.rule import Rule

__all__ = ["Adjust", "Amendment", "Replace", "Withdraw"]


@attrs.frozen
class Replace:
    """Put another rule in a rule's place.

    Attributes:
        target: the rule replaced, as ``pack/rule``.
        rule: the rule that stands there from now on.
        basis: why.
    """

    target: str
    rule: Rule
    basis: Basis


@attrs.frozen
class Withdraw:
    """Take a rule out.

    Attributes:
        target: the rule withdrawn, as ``pack/rule``.
        basis: why.
    """

    target: str
    basis: Basis


@attrs.frozen
class Adjust:
    """Give a figure other values.

    Attributes:
        target: the figure's name.
        values: dated values, or such by key, as in `Figure`.
        basis: why.
    """

    target: str
    values: Mapping[Any, Any]
    basis: Basis


Amendment = Replace | Withdraw | Adjust
