"""A baseline: the failures that are known, so that a report shows what is new."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final

import attrs

from windowservice.errors import InvalidDocument
from windowservice.files import read_text
from windowservice.strict import read, strict_converter

__all__ = ["Baseline"]

_WHAT: Final = "a baseline"
_FORMAT: Final = "windowservice.baseline"


@attrs.frozen(kw_only=True)
class _Document:
    format: str
    format_version: int
    as_of: str
    engine: str
    findings: Mapping[str, tuple[str, ...]]


@attrs.frozen
class Baseline:
    """The failures of a report, by rule and record.

    Attributes:
        as_of: the instant judged, in ISO form.
        engine: the version of the engine that judged.
        findings: of each rule the ids of the records that failed it or on which it could not be run.
    """

    as_of: str
    engine: str
    findings: Mapping[str, frozenset[str]]

    def __len__(self) -> int:
        return sum(map(len, self.findings.values()))

    def has(self, rule: str, record: str) -> bool:
        """Return whether a failure is known."""
        return record in self.findings.get(rule, ())

    def to_json(self) -> str:
        """Return the baseline as a JSON document, the same for the same failures."""
        findings = {rule: sorted(records) for rule, records in sorted(self.findings.items())}
        document = {"format": _FORMAT, "format_version": 1, "as_of": self.as_of, "engine": self.engine}
        return json.dumps(document | {"findings": findings}, ensure_ascii=True, indent=1) + "\n"

    @classmethod
    def of(cls, given: Baseline | PathLike[str] | str) -> Baseline:
        """Return a baseline from itself, or read it from the file in which `to_json` was written.

        Raises:
            InvalidDocument: if the file is no baseline.
            OSError: if it cannot be read.
        """
        if isinstance(given, Baseline):
            return given
        where = fspath(given)
        data = _parsed(read_text(Path(given), _WHAT, where), where)
        if not isinstance(data, dict) or data.get("format") != _FORMAT or data.get("format_version") != 1:
            problem = f'must say "format": "{_FORMAT}", "format_version": 1: write one by report.baseline()'
            raise InvalidDocument(_WHAT, (("format", problem),), where)
        found = read(_Document, data, strict_converter(), what=_WHAT, where=where)
        return cls(found.as_of, found.engine, {rule: frozenset(ids) for rule, ids in found.findings.items()})

    @classmethod
    def from_findings(cls, as_of: str, engine: str, findings: Iterable[tuple[str, str]]) -> Baseline:
        """Return the baseline of failures that are given by rule and record."""
        found: dict[str, set[str]] = {}
        for rule, record in findings:
            found.setdefault(rule, set()).add(record)
        return cls(as_of, engine, {rule: frozenset(records) for rule, records in found.items()})


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidDocument(_WHAT, (("", f"it cannot be read as JSON: {error}"),), where) from None
