"""What lint found, as lines, as JSON and as SARIF.

A document in JSON (``windowservice.lint``, version 1) says ``counts`` by severity, and under ``problems`` each as
`Problem.to_dict`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from windowservice.linting.problems import CODES, LEVELS, Problem
from windowservice.reports.sarif import Descriptor, Result, write_sarif

__all__ = ["lint_document", "lint_lines", "write_lint_sarif"]


def lint_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield a line for each problem, and one that counts them."""
    yield from map(str, problems)
    counts = _counts(problems)
    said = [
        f"{counts[level]} {level}{'s' if counts[level] != 1 else ''}" for level in reversed(LEVELS) if counts[level]
    ]
    yield ", ".join(said) if said else "No problem found."


def _counts(problems: Iterable[Problem]) -> Counter[str]:
    return Counter(problem.severity for problem in problems)


def lint_document(problems: Iterable[Problem]) -> dict[str, Any]:
    """Return all but the problems as plain values."""
    counts = _counts(problems)
    return {
        "format": "windowservice.lint",
        "format_version": 1,
        "counts": {level: counts[level] for level in reversed(LEVELS)},
    }


def write_lint_sarif(problems: Iterable[Problem], out: TextIO) -> None:
    """Write problems as SARIF 2.1.0, with all codes as rules."""
    rules = [
        Descriptor(id=code.name, title=code.title, help=code.instead, level=code.severity) for code in CODES.values()
    ]
    write_sarif(rules, map(_result, problems), out)


def _result(problem: Problem) -> Result:
    said = f"{problem.message}; {problem.instead}" if problem.instead else problem.message
    file = Path(problem.file).as_posix() if problem.file else ""
    return Result(
        rule=problem.code, level=problem.severity, message=said, file=file,
        line=problem.line, place=".".join(filter(None, (problem.rule.partition("/")[0], problem.place))),
    )  # fmt: skip
