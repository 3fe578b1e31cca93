"""The part of an engine that answers questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from windowservice.domain.catalogue.catalogue import Catalogue
    from windowservice.engine.asking.history import RuleHistory
    from windowservice.engine.asking.nearest import Nearest
    from windowservice.engine.engine import Engine
    from windowservice.engine.report.finding import Finding
    from windowservice.language.tree.rule import Rule
    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["Questions"]


class Questions:
    """What if, and what a rule required when."""

    __slots__ = ()

    def what_if(
        self,
        *,
        figures: Mapping[str, Any] | None = None,
        figures_as_of: date | None = None,
        calendars: Mapping[str, WorkCalendar] | WorkCalendar | None = None,
        catalogue: Catalogue | None = None,
        rules: Mapping[str, Rule] | None = None,
    ) -> Engine:
        """Return an engine that answers what if; `Report.compare` then shows which verdicts change.

        What is assumed is marked so in findings. Use `amended` for what is so from now on, with its basis.

        Args:
            figures: values by the name of the figure, ``{"large_cash": 300_000}``; of a keyed figure one value for all
                lines, or values by key, ``{"commitment": {"S10": "3 working days"}}``. A value without dates holds at
                all times; with dates (``{"2018-07-01": value}``) it holds from them on.
            figures_as_of: the day whose figures hold for all records.
            calendars: calendars to put in place of those of the same names, or one in place of all.
            catalogue: the service catalogue to put in place.
            rules: rules to put in place of others, by the name of those.

        Raises:
            UnknownName: for a figure, key, rule or calendar that the engine does not have, with the nearest.
            InvalidRule, InvalidLimit, TypeMismatch: for a value that the figure cannot have.
        """
        from windowservice.engine.asking.what_if import what_if

        return what_if(
            cast("Engine", self), figures=figures, figures_as_of=figures_as_of, calendars=calendars,
            catalogue=catalogue, rules=rules,
        )  # fmt: skip

    def nearest_changes(self, finding: Finding) -> tuple[Nearest, ...]:
        """Return what would have kept a rule that failed: the nearest change of a time, a fact or a figure.

        Each was judged again and keeps the rule, alone; nothing less of its kind does. Times are those at which
        something was done; facts are whole numbers that the record states; figures are whole numbers and limits, in
        steps of their unit. Nothing is said of what cannot be changed so.

        Args:
            finding: a failure of this engine.

        Raises:
            InvalidValue: for a finding that is no failure.
            UnknownName: for one by a rule that the engine does not have.
        """
        from windowservice.engine.asking.nearest import nearest_changes

        return nearest_changes(cast("Engine", self), finding)

    def history(self, rule: str) -> RuleHistory:
        """Return what a rule required when: its text with its source, and the lines of the figures that it reads.

        Args:
            rule: its name, with or without its pack.

        Raises:
            UnknownName: for a rule that the engine does not have, with the nearest.
        """
        from windowservice.engine.asking.history import history_of

        return history_of(cast("Engine", self), rule)
