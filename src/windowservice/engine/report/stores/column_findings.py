"""Findings of rows of frames as a frame, a rule at a time, with the numbers that the evidence of each would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from windowservice.engine.frames.frames import one_by_one
from windowservice.engine.report.explaining import figures_told
from windowservice.engine.report.finding import Finding
from windowservice.engine.report.frame import (
    APPLIES,
    CITING,
    CLOCK,
    FINDING_SCHEMA,
    KEYS,
    NUMBERS,
    clock_of,
    numbers_of,
)
from windowservice.engine.report.parts import clock_asked
from windowservice.engine.report.stores.shortfalls import (
    clock_columns,
    figures_by_row,
    figures_column,
    shortfall_columns,
    told_shortfalls,
)
from windowservice.engine.verdicts import Verdict
from windowservice.errors import WindowserviceError
from windowservice.language.polars.compile import ERROR

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.report.stores.columns import ColumnStore

__all__ = ["CODES", "figures_of_rows", "findings_by_rule", "in_words"]

CODES: Final = (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.PENDING, Verdict.NOT_APPLICABLE, Verdict.ERROR)
"""The verdicts by their code in columns."""


def in_words(codes: pl.Series) -> pl.Series:
    """Return verdict codes as an enumeration of words."""
    import polars as pl

    words = [str(verdict) for verdict in CODES]
    return pl.Series(words, dtype=pl.Enum(words)).gather(codes)


def findings_by_rule(store: ColumnStore, rows: Mapping[int, pl.Series], engine: str) -> pl.DataFrame:
    """Return the findings of rules, by position, on the records of some rows."""
    import polars as pl

    wanted = {position: places for position, places in rows.items() if len(places)}
    if not wanted:
        return pl.DataFrame(schema=FINDING_SCHEMA())
    codes = {position: store.codes[position].gather(places) for position, places in wanted.items()}
    parts = [_of_rule(store, position, places, codes[position]) for position, places in wanted.items()]
    every, said = pl.concat(wanted.values()), in_words(pl.concat(codes.values()))
    named = {name: store.named(name).gather(every) for name in (*KEYS, "clerk")}
    columns = {**named, "verdict": said, **pl.concat(parts).to_dict(), **_of_rules(store, wanted), "engine": engine}
    return pl.DataFrame({name: columns[name] for name in FINDING_SCHEMA()}, schema=FINDING_SCHEMA())


def figures_of_rows(store: ColumnStore, position: int, keys: Sequence[str]) -> list[tuple[str, ...]]:
    """Return in words the figures that a rule rests on, of the (last) records with some ids."""
    import polars as pl

    all_rows = pl.DataFrame({"key": store.named("key")}).with_row_index("row").unique("key", keep="last")
    rows = pl.DataFrame({"key": keys}).join(all_rows, on="key", how="left", maintain_order="left")["row"]
    try:
        told = figures_by_row(store.run, store.runner.rules[position], rows)
        alone = frozenset(one_by_one(store.frames))
    except WindowserviceError:
        told, alone = [()] * len(rows), frozenset(rows)
    return [
        figures_told(Finding(store.subject(row), position, store.us)) if row in alone else said
        for row, said in zip(rows.to_list(), told, strict=True)
    ]


def _of_rules(store: ColumnStore, rows: Mapping[int, pl.Series]) -> dict[str, pl.Series]:
    """Return what rules say always, for each of their findings."""
    import numpy as np
    import polars as pl

    rules = [store.runner.rules[position] for position in rows]
    bases = [loaded.amended or loaded.rule.basis for loaded in rules]
    said: dict[str, list[str | None]] = {
        "rule": [loaded.name for loaded in rules], "severity": [loaded.rule.severity for loaded in rules],
        "policy": [loaded.rule.policy for loaded in rules], "principle": [loaded.rule.principle for loaded in rules],
        "basis": [None if basis is None else str(basis) for basis in bases],
        "version": [loaded.version for loaded in rules],
    }  # fmt: skip
    which = np.repeat(np.arange(len(rules)), [len(places) for places in rows.values()])
    return {name: pl.Series(words, dtype=pl.String).gather(which) for name, words in said.items()}


def _of_rule(store: ColumnStore, position: int, rows: pl.Series, codes: pl.Series) -> pl.DataFrame:
    """Return what is told of each finding of a rule: shortfall, figures, clock and error."""
    import polars as pl

    found = {**_numbers(store, position, rows, codes), "error": _errors(store, position, rows, codes)}
    schema = {name: kind for name, kind in FINDING_SCHEMA().items() if name in found}
    return pl.DataFrame({name: found[name] for name in schema}, schema=schema, strict=False)


def _numbers(store: ColumnStore, position: int, rows: pl.Series, codes: pl.Series) -> dict[str, Any]:
    """Return shortfall, figures and clock of the findings of a rule, as `numbers_of` and `clock_of` tell of one."""
    if store.runner.names[position] in store.slow:
        return _one_by_one(store, position, rows, codes)
    alone = rows.is_in(one_by_one(store.frames))
    try:
        found = _in_columns(store, position, rows.filter(~alone), codes.filter(~alone))
    except WindowserviceError:  # exact numbers, or a record whose due lies beyond all calendars
        return _one_by_one(store, position, rows, codes)
    if not alone.any():
        return found
    return _placed(found, _one_by_one(store, position, rows.filter(alone), codes.filter(alone)), alone)


def _in_columns(store: ColumnStore, position: int, rows: pl.Series, codes: pl.Series) -> dict[str, Any]:
    loaded, missing = store.runner.rules[position], store.missed.get(position)
    failed = codes == CODES.index(Verdict.FAIL)
    if missing is None:
        numbers = shortfall_columns(store.run, loaded.rule, rows, failed)
    else:
        numbers = told_shortfalls(loaded.rule, missing, rows, failed)
    cited, applies = (codes.is_in([CODES.index(verdict) for verdict in some]) for some in (CITING, APPLIES))
    clock = clock_columns(store.run, loaded.rule, rows, applies)
    return {**numbers, "figures": figures_column(store.run, loaded, rows, cited), **clock}


def _placed(found: dict[str, Any], other: dict[str, Any], alone: pl.Series) -> dict[str, Any]:
    """Return the numbers of all rows: those told alone stand where they belong."""
    import polars as pl

    count = len(alone) - int(alone.sum())
    frame = pl.DataFrame({name: [None] * count if held is None else held for name, held in found.items()})
    both = pl.concat([frame, pl.DataFrame(other)], how="vertical_relaxed")
    order = pl.concat([(~alone).arg_true(), alone.arg_true()]).arg_sort()
    return both[order].to_dict()


def _one_by_one(store: ColumnStore, position: int, rows: pl.Series, codes: pl.Series) -> dict[str, Any]:
    """Return the numbers of a rule that was run row by row, from the evidence of each finding."""
    names = (*NUMBERS, *CLOCK)
    of_clock = clock_asked(store.runner.rules[position].rule.require) is not None
    found: list[tuple[Any, ...]] = []
    for row, code in zip(rows.to_list(), codes.to_list(), strict=True):
        if CODES[code] in CITING or (of_clock and CODES[code] in APPLIES):
            finding = Finding(store.subject(row), position, store.us)
            found.append((*numbers_of(finding), *clock_of(finding)))
        else:
            found.append((None,) * len(names))
    return dict(zip(names, map(list, zip(*found, strict=True)), strict=True))


def _errors(store: ColumnStore, position: int, rows: pl.Series, codes: pl.Series) -> pl.Series:
    """Return why rules could not be run, null where they could."""
    import polars as pl

    said = pl.Series([None], dtype=pl.String).new_from_index(0, len(rows))
    failed = (codes == ERROR).arg_true()
    if not len(failed):
        return said
    return said.scatter(failed, [store.subject(rows[at]).verdicts.errors.get(position) for at in failed.to_list()])
