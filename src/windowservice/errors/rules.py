"""What is refused while a fact, figure, expression or rule is built."""

from __future__ import annotations

from windowservice.errors.root import WindowserviceError, nearest, valued


class RuleError(WindowserviceError):
    """Root of what is refused while a fact, figure, expression or rule is built."""


@valued
class ExpressionTruth(RuleError):
    """An expression was used where Python wants a plain truth value."""

    used: str
    instead: str
    expression: str = ""
    ends = "; write {}"

    def _said(self) -> str:
        about = f" on {self.expression}" if self.expression else ""
        return f"{self.used}{about} has no meaning while the rule is written, because no value is known yet"


@valued
class TypeMismatch(RuleError):
    """An operator was given values of types that it does not take."""

    operator: str
    wanted: str
    got: tuple[str, ...]
    where: str = ""
    instead: str = ""
    ends = "; write {}"

    def _said(self) -> str:
        return f"{self.operator} takes {self.wanted}, got {' and '.join(self.got)}"


@valued
class UnitMismatch(RuleError):
    """Two amounts of different units were compared or added."""

    operator: str
    left: str
    right: str

    says = "{operator} mixes the units {left!r} and {right!r}; units never convert silently"


@valued
class ScopeMismatch(RuleError):
    """Facts of different records were mixed in one expression."""

    left: str
    right: str
    where: str = ""

    says = (
        "facts of {left!r} and of {right!r} cannot stand in one expression; aggregate the children first (.first(), "
        ".count(), .any() ...) or write two rules"
    )


@valued
class UnknownWord(RuleError):
    """A text fact was compared with a word that its enumeration does not have."""

    fact: str
    word: str
    words: tuple[str, ...]

    def _said(self) -> str:
        near = nearest(self.word, self.words)
        said = f"{self.fact} is never {self.word!r}{near}; it is one of {', '.join(sorted(self.words))}"
        if near:
            return said
        return (
            f"{said}; a word of your own is written {self.fact}.also({self.word!r}) in Python, and a kind of event "
            f"also offered by the hook windowservice_event_kinds"
        )


@valued
class MovingComparison(RuleError):
    """A value that moves with time alone was compared by a plain operator, or does not only grow."""

    expression: str
    instead: str = "write done_at.by(due) for an instant, or span.within(limit) for a span that grows"

    says = "{expression} moves with as_of: a plain comparison would pass today and fail tomorrow with no event"


@valued
class ConstantCondition(RuleError):
    """A condition does not depend on any fact."""

    condition: str
    where: str = ""

    says = "the condition {condition} speaks of no fact, so it always says the same; name a fact in it"


@valued
class InvalidRule(RuleError):
    """A rule, fact, figure or pack is put together wrongly."""

    what: str
    problem: str
    instead: str = ""

    says = "{what}: {problem}"


@valued
class CyclicFact(RuleError):
    """A fact is defined by way of itself."""

    chain: tuple[str, ...]

    def _said(self) -> str:
        return f"the facts {' -> '.join(self.chain)} are defined in a circle"


@valued
class RuleTextError(RuleError):
    """The text of an expression is not of the grammar."""

    text: str
    problem: str
    column: int = 0

    def _said(self) -> str:
        return f"in the expression {self.text!r}, column {self.column + 1}: {self.problem}"


@valued
class NotColumnar(RuleError):
    """Something in a rule cannot be computed on columns; the rule is run row by row instead."""

    expression: str
    what: str

    says = "{expression} uses {what}, which columns do not have; it is run row by row"
