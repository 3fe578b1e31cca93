"""A rule: what is required, when, on what basis, and how grave a breach is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Final, get_args

import attrs

from windowservice.asked import told
from windowservice.domain import words
from windowservice.domain.basis import Basis
from windowservice.domain.catalogue.service import Principle
from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.domain.words import Severity
from windowservice.errors import ConstantCondition, InvalidRule, MovingComparison, TypeMismatch, UnknownName
from windowservice.instants import to_date
from windowservice.language.analysis.check import moves, speaks_of_facts
from windowservice.language.analysis.digest import hashed, rules_digest
from windowservice.language.analysis.reach import check_reach
from windowservice.language.tree.expressions import Expr, check_waiting
from windowservice.language.tree.facts import Facts, party_of
from windowservice.language.tree.scope import Scope, merge, scope_name, vocabulary_of
from windowservice.language.tree.values import ValueType

__all__ = ["SEVERITIES", "Pack", "Rule", "Severity"]

PRINCIPLES: Final[tuple[str, ...]] = get_args(Principle)
"""The principles of service; another word is a principle of one's own, unless it looks like one of these misspelt."""
SEVERITIES: Final[tuple[str, ...]] = tuple(words.SEVERITIES)
"""The severities, least grave first."""


def _words(value: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if value is None else (value,) if isinstance(value, str) else tuple(value)


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return _words(value) or ()


def _titles(value: str | Mapping[str, str]) -> Mapping[str, str]:
    return FrozenMapping({"en": value} if isinstance(value, str) else value)


_SEVERITIES_ELSEWHERE: Final = {
    "critical": "severe", "blocker": "severe", "fatal": "severe", "high": "major", "error": "major",
    "medium": "minor", "moderate": "minor", "warning": "minor", "low": "note", "info": "note", "information": "note",
}  # fmt: skip
"""What severities are called elsewhere; offered, and never taken, since what they weigh is the author's to say."""


@told
@attrs.frozen(eq=False)
class Rule:
    """One rule over one record.

    Attributes:
        name: a word, unique in its pack.
        title: what is promised, in one sentence; a text, or texts by language (``{"en": ..., "zh": ...}``).
        require: the condition that must hold.
        when: the condition under which the rule applies; always, if None.
        of: the vocabulary; found from the facts if not given.
        basis: the source of the rule.
        severity: how grave a breach is: note, minor, major or severe.
        settled_by: kinds of children that settle a count; the vocabulary's own closing kinds if None, none if empty.
        settled_when: a condition on the record that settles it as well, such as ``claim.ended_at.happened()``.
        policy: the policy (制度) that it belongs to, such as ``first contact``.
        principle: the principle of service it serves.
        since, until: the days from which, and before which, it is in force.
        proposes: the action that a failed record calls for against its party, by its name on the escalation ladder;
            several: the others are proposed beside it.
    """

    name: str
    title: Mapping[str, str] = attrs.field(converter=_titles)
    require: Expr[bool]
    when: Expr[bool] | None = None
    of: type[Facts] = attrs.field(default=None)
    basis: Basis | None = None
    severity: Severity = "minor"
    settled_by: tuple[str, ...] | None = attrs.field(default=None, converter=_words)
    settled_when: Expr[bool] | None = None
    policy: str = ""
    principle: str = ""
    since: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    until: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    proposes: tuple[str, ...] = attrs.field(default=(), converter=_names)

    def __attrs_post_init__(self) -> None:
        """Check the whole rule, so that one that can never run is refused where it is written."""
        what = f"rule {self.name!r}"
        if not isinstance(self.name, str) or not self.name.isidentifier():
            raise InvalidRule(what, "has a name that is no word", "write letters, digits and underscores")
        if not self.title or not all(isinstance(t, str) and t.strip() for t in self.title.values()):
            raise InvalidRule(what, "has no title", "say in one sentence what is promised")
        if self.severity not in SEVERITIES:
            meant = _SEVERITIES_ELSEWHERE.get(str(self.severity).lower())
            raise UnknownName("severity", str(self.severity), SEVERITIES if meant is None else (meant,), what)
        if self.principle not in ("", *PRINCIPLES) and get_close_matches(self.principle, PRINCIPLES, 1, 0.8):
            raise UnknownName("principle", self.principle, PRINCIPLES, what)
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise InvalidRule(
                what, f"is in force from {self.since} and no longer from {self.until}", "give a later day"
            )
        scope: Scope | None = None if self.of is None else self.of.root
        for condition in self.conditions:
            _check_condition(what, condition)
            scope = merge(scope, condition.scope)
        vocabulary = vocabulary_of(scope)
        if vocabulary is None:
            problem = f"speaks of {scope_name(scope)}, so nobody can tell which records it judges"
            raise InvalidRule(what, problem, "name their vocabulary with of=")
        if self.of is not None and vocabulary is not self.of.root:
            raise InvalidRule(
                what,
                f"speaks of {vocabulary.__name__}, not of {self.of.__name__}",
                "aggregate the children, or change of=",
            )
        object.__setattr__(self, "of", vocabulary)
        _check_party(what, self.proposes, vocabulary)
        for condition in self.conditions:
            check_reach(condition, vocabulary, what)
        if self.settled_when is not None:
            check_waiting(f"{what}: settled_when", (self.settled_when,), "what settles it")
        if not self.settling() and self.settled_by:
            problem = f"is settled by {', '.join(self.settled_by)}, but {vocabulary.__name__} has no children of kinds"
            raise InvalidRule(what, problem, "leave settled_by out")

    @property
    def conditions(self) -> tuple[Expr[bool], ...]:
        """The conditions that it states: what it requires, when, and what settles its record."""
        return tuple(one for one in (self.require, self.when, self.settled_when) if one is not None)

    @property
    def asked(self) -> tuple[Expr[bool], ...]:
        """All that it asks of a record: what it requires, when, and whether the record is settled."""
        return tuple(one for one in (self.require, self.when, *self.settling()) if one is not None)

    @property
    def settling_kinds(self) -> tuple[str, ...]:
        """The kinds of children that settle what it counts; none if its vocabulary has no children of kinds."""
        child = self.of.children
        if child is None or child.options.kind is None:
            return ()
        return child.options.closes if self.settled_by is None else self.settled_by

    def settling(self) -> list[Expr[bool]]:
        """Return the condition that a record is settled, if there is one; an empty list otherwise."""
        child, kinds, told = self.of.children, self.settling_kinds, self.settled_when
        if child is None or child.options.kind is None or not kinds:
            return [] if told is None else [told]
        closed = child.given[child.options.kind].one_of(*kinds).any()
        return [closed if told is None else closed | told]

    @property
    def fingerprint(self) -> str:
        """A hash of all that the rule says and rests on; two rules with the same one are the same rule."""
        named = (self.policy, self.principle, self.settled_by, *self.proposes)
        said = (sorted(self.title.items()), str(self.basis), *named)
        return hashed(said, rules_digest([(self.name, self)]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rule) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __str__(self) -> str:
        when = "" if self.when is None else f" when {self.when}"
        return f"{self.name}: require {self.require}{when}"


def _check_party(what: str, proposes: tuple[str, ...], vocabulary: type[Facts]) -> None:
    if proposes and party_of(vocabulary) is None:
        problem = f"proposes {' and '.join(proposes)}, but {vocabulary.__name__} names nobody against whom"
        raise InvalidRule(
            what, problem, f"write class {vocabulary.__name__}(ws.Facts, party=...) with a text fact of it"
        )


def _check_condition(what: str, condition: Expr[bool]) -> None:
    if not isinstance(condition, Expr):
        raise InvalidRule(what, f"has the condition {condition!r}, which is no expression", "write it over facts")
    if condition.type is not ValueType.BOOL:
        raise TypeMismatch(what, "a truth value as condition", (str(condition.type),))
    if not speaks_of_facts(condition):
        raise ConstantCondition(str(condition), what)
    if moves(condition):
        raise MovingComparison(str(condition))


def _rules(value: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(value)


@told
@attrs.frozen
class Pack:
    """Rules that belong together and are loaded as one.

    Attributes:
        name: a word; rules are known as ``name/rule``.
        version: the pack's own version.
        rules: its rules.
        title: what the pack is about.
        basis: the source of the pack as a whole.
    """

    name: str
    version: str
    rules: tuple[Rule, ...] = attrs.field(converter=_rules)
    title: Mapping[str, str] = attrs.field(factory=dict, converter=_titles)
    basis: Basis | None = None

    def __attrs_post_init__(self) -> None:
        """Check names: a pack without a name, or two rules of one name, could not be cited."""
        if not self.name.isidentifier():
            raise InvalidRule(
                f"pack {self.name!r}", "has a name that is no word", "write letters, digits and underscores"
            )
        seen: set[str] = set()
        for rule in self.rules:
            if not isinstance(rule, Rule):
                raise InvalidRule(f"pack {self.name!r}", f"holds {rule!r}, which is no rule")
            if rule.name in seen:
                raise InvalidRule(f"pack {self.name!r}", f"has two rules named {rule.name!r}", "rename one")
            seen.add(rule.name)

    @property
    def content_hash(self) -> str:
        """Sixteen hexadecimal digits of all by which its rules decide: their facts and figures too, not their titles.

        Unlike `version`, which its author writes.
        """
        return rules_digest((rule.name, rule) for rule in self.rules)
