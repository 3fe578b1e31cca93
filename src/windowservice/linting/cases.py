"""Rules that no case of a table tries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from windowservice.engine.verdicts import Verdict
from windowservice.errors import UnknownName, WindowserviceError
from windowservice.linting.places import line_of
from windowservice.linting.problems import Problem, problem
from windowservice.linting.subject import Subject

__all__ = ["cases"]


def cases(subject: Subject, tables: Iterable[Path]) -> Iterator[Problem]:
    """Yield the tables of cases that cannot be read, cases of rules that are not there, and rules that none tries."""
    from windowservice.testing.tables import read_table  # with the extra that tests need

    given = list(tables)
    names = [loaded.name for loaded in subject.rules]
    by_name = defaultdict(list)
    for name in names:
        by_name[name].append(name)
        by_name[name.partition("/")[2]].append(name)
    shown: dict[str, set[Verdict]] = defaultdict(set)
    for path in given:
        try:
            table = read_table(path)
        except WindowserviceError as error:
            yield problem("load", str(error), file=str(path))
            continue
        text = path.read_text("utf-8", "replace")
        for number, case in enumerate(table.cases):
            for name in by_name.get(case.rule, ()):
                shown[name].add(case.verdict)
            if case.rule not in by_name:
                said, place = str(UnknownName("rule", case.rule, tuple(by_name))), f"cases[{number}].rule"
                line = line_of(text, place)
                yield problem("load", said, file=str(path), place=place, line=line, instead="name one of the rules")
    for loaded in subject.rules if given else ():
        if loaded.name not in shown:
            yield subject.told("untested", loaded, "no case tries the rule")
        elif Verdict.FAIL not in shown[loaded.name]:
            yield subject.told("never-failed", loaded, "no case shows the rule failing")
