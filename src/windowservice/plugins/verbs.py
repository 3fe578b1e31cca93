"""What an engine does with a ledger beside judging it, and how a report is written: by functions that plugins bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from windowservice.domain.parties import Bank
    from windowservice.domain.scorecard.readings_period import ReportingPeriod
    from windowservice.domain.scorecard.scorecard import Scorecard
    from windowservice.engine.engine import Engine
    from windowservice.escalation.proposals import Proposals
    from windowservice.ledger.ledger import Ledger
    from windowservice.rules.escalation.ladder import Ladder
    from windowservice.rules.indicators import Indicator
    from windowservice.scoring.observing.observed import Observed
    from windowservice.scoring.scores import Scores

__all__ = ["Verbs", "Written"]


class Verbs:
    """Observing, scoring and proposing, by the functions of these names that plugins bring."""

    __slots__ = ()
    functions: Mapping[str, Callable[..., Any]]

    def observe(
        self,
        ledger: Ledger | Mapping[str, Any],
        period: ReportingPeriod | str,
        *,
        as_of: datetime | date | str | None = None,
        scorecard: Scorecard | None = None,
        indicators: Iterable[Indicator] | None = None,
        banks: Iterable[Bank] | None = None,
    ) -> Observed:
        """Return what records tell of the indicators of a period, over objects or in columns.

        Beside the period itself, those of longer or slower indicators are read that count in it (the last closed
        quarter), and for key institutions the weeks that end in it, where the scorecard wants them.

        Args:
            ledger: a ledger, or frames by the names of tables (``{"messages": ...}``), which are counted in columns.
            period: a day, week or month, or its text.
            as_of: the instant from which on nothing is seen; the end of each period if not given.
            scorecard: whose indicators are read; that of the ledger or else the default one if not given.
            indicators: how they are counted; those of the ledger or else the default ones if not given.
            banks: the banks, for former ids and key institutions; those of the ledger if not given.

        Raises:
            UnknownName: if an indicator speaks of an indicator or fact that the scorecard does not have.
            InvalidValue, MissingColumn: for a frame that cannot be what it has to be.
        """
        found: Observed = self.functions["observe"](
            self, ledger, period, as_of=as_of, scorecard=scorecard, indicators=indicators, banks=banks
        )
        return found

    def score(
        self,
        ledger: Ledger,
        period: ReportingPeriod | str,
        bank: str | None = None,
        *,
        as_of: datetime | date | str | None = None,
        scorecard: Scorecard | None = None,
        indicators: Iterable[Indicator] | None = None,
    ) -> Scores:
        """Return the scores of the banks of a ledger, from what its records say and what it was given.

        Of a ledger that lists no banks, those that have a reading.

        Args:
            ledger: the records, and the table ``readings`` of what was counted elsewhere.
            period: a day, week, month, quarter or year, or its text; a quarter or year is the average of its months.
            bank: id of the bank, a former one will do; all banks if not given.
            as_of: the instant from which on nothing is seen; the end of the period, or of each month, if not given.
            scorecard: by what they are scored; that of the ledger or else the default one if not given.
            indicators: how they are counted; those of the ledger or else the default ones if not given.

        Raises:
            UnknownName: if neither the ledger's banks nor its readings know the bank.
            InvalidValue: if the scorecard is not in force.
        """
        found: Scores = self.functions["score"](
            self, ledger, period, bank, as_of=as_of, scorecard=scorecard, indicators=indicators
        )
        return found

    def propose(
        self,
        ledger: Ledger,
        *,
        as_of: datetime | date | str,
        ladder: Ladder | None = None,
        scorecard: Scorecard | None = None,
        indicators: Iterable[Indicator] | None = None,
    ) -> Proposals:
        """Return what the escalation ladder proposes for the banks of a ledger.

        Rows on indicators, grades and admissions are among them: the scores are counted here, those of the last four
        months that had ended, and of the quarters that ended within the look-back and the one before them.

        Args:
            ledger: its banks and all of its tables.
            as_of: the instant judged; a bare date means 24:00 of it.
            ladder: the ladder, if not the one that goes with the ledger.
            scorecard: by what banks are scored; that of the ledger or else the default one if not given.
            indicators: how they are counted; those of the ledger or else the default ones if not given.

        Raises:
            UnknownName: if an action of the ledger is not on the ladder, or an indicator is of no indicator.
        """
        found: Proposals = self.functions["propose"](
            self, ledger, as_of=as_of, ladder=ladder, scorecard=scorecard, indicators=indicators
        )
        return found


class Written:
    """Writing a report to files, by the functions of these names that plugins bring."""

    if TYPE_CHECKING:
        engine: Engine

    def to_html(
        self, path: str | PathLike[str] | None = None, *, language: str = "en", title: str = "",
        bank: str | None = None, names: bool = True,
    ) -> str:  # fmt: skip
        """Return the report as one HTML page that needs nothing else, and write it to a file if one is named.

        Args:
            path: the file to write.
            language: ``en`` or ``zh``.
            title: what stands above it; what was judged, if not given.
            bank: the id of a bank, for a page of its own: only its items, and how it stands among others, unnamed.
            names: whether clerks are named; the page of a bank names none.

        Raises:
            UnknownName: for another language, or a bank that the report says nothing of.
            OSError: if the file cannot be written.
        """
        page: str = self.engine.functions["page"](self, language=language, title=title, bank=bank, names=names)
        if path is not None:
            Path(path).write_text(page, encoding="utf-8", errors="backslashreplace", newline="\n")
        return page

    def to_excel(self, path: str | PathLike[str], *, language: str = "en") -> None:
        """Write the report as a workbook: a sheet for each question, all findings with real dates, and definitions.

        Args:
            path: the file, ``.xlsx``.
            language: ``en`` or ``zh``.

        Raises:
            MissingExtra: without the extras `excel` and `columns`.
            UnknownName: for another language.
            OSError: if it cannot be written.
        """
        self.engine.functions["workbook"](self, path, language=language)
