"""Collects tables of cases, files ``*.cases.toml``, as tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.testing.tables import Case, Table

_SHOWN: pytest.StashKey[list[tuple[Any, Any, str]]] = pytest.StashKey()
"""What was judged: engine, record, instant."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that reports what the tables show of the rules."""
    group = parser.getgroup("windowservice")
    group.addoption(
        "--rule-coverage", action="store_true",
        help="say which verdicts and conditions of each rule the tables *.cases.toml never show",
    )  # fmt: skip


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Return what collects the cases of a file."""
    return CaseFile.from_parent(parent, path=file_path) if file_path.name.endswith(".cases.toml") else None


class CaseFile(pytest.File):
    """A table of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each case."""
        from windowservice.testing.tables import read_table

        table = read_table(self.path)
        engine = table.load()
        for number, case in enumerate(table.cases, 1):
            name = f"{case.rule}: {case.title or f'case {number}'}"
            yield CaseItem.from_parent(self, name=name, table=table, case=case, engine=engine)


class CaseItem(pytest.Item):
    """A case."""

    def __init__(self, *, table: Table, case: Case, engine: Engine, **said: Any) -> None:
        super().__init__(**said)
        self._table, self._case, self._engine = table, case, engine

    def runtest(self) -> None:
        """Assert the verdict."""
        if self.config.getoption("--rule-coverage"):
            draft = self._table.draft_of(self._case, self._engine)
            shown = self.config.stash.setdefault(_SHOWN, [])
            shown.append((self._engine, draft, self._table.as_of_of(self._case)))
        self._table.check(self._case, self._engine)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what failed: the verdict and the whole case, without Python's own lines."""
        from windowservice.errors import WindowserviceError

        if isinstance(excinfo.value, AssertionError | WindowserviceError):
            return f"{self._table.place}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the case stands."""
        return self.path, 0, self.name


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what the tables never show."""
    shown = config.stash.get(_SHOWN, [])
    if not shown:
        return
    from windowservice.testing.coverage import coverage_of

    terminalreporter.section("rule coverage")
    for engine in {id(one): one for one, _, _ in shown}.values():
        judged = [(draft, as_of) for one, draft, as_of in shown if one is engine]
        for line in str(coverage_of(engine, judged)).splitlines():
            terminalreporter.line(line)
