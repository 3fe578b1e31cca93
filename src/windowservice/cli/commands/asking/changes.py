"""``windowservice what-if`` and ``windowservice compare``: which verdicts change, and how many."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from windowservice.cli.options import (
    as_of_option,
    engine_options,
    format_option,
    ledger_options,
    load_engine,
    output_option,
    read_as_of,
    read_ledger,
)
from windowservice.cli.output import waiting, writing, written
from windowservice.cli.paths import PATH

if TYPE_CHECKING:
    from windowservice.blocks.blocks import Block
    from windowservice.engine.engine import Engine
    from windowservice.engine.report.changes import Changes
    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["compare", "what_if"]

_LINES = 20


@click.command("what-if", short_help="Which verdicts would other figures or hours change?")
@click.argument("ledger", type=PATH)
@as_of_option
@click.option("--figure", "figures", multiple=True, metavar="NAME[KEY]=VALUE", help="A figure as it might be.")
@click.option("--hours", multiple=True, metavar="CALENDAR=HOURS", help="Other hours of a calendar.")
@ledger_options
@engine_options
@format_option("text", "json")
@output_option
def what_if(
    ledger: Path, as_of: str, figures: tuple[str, ...], hours: tuple[str, ...], mapping: Path | None, zone: str | None,
    form: str, output: Path | None, **judged_by: Any,
) -> None:  # fmt: skip
    """Judge LEDGER as it is and as it would be, and show which verdicts change.

    \b
    windowservice what-if ledger/ --as-of 2018-06-30 --figure "commitment[S10]=3 working days"
    windowservice what-if ledger/ --as-of 2018-06-30 --hours "window=mon-fri 09:00-16:00"
    windowservice what-if ledger/ --as-of 2018-06-30 --figures-as-of 2018-01-01

    A figure without KEY stands for all of its lines. Nothing is written; the exit code is 0 whether or not they change.
    """  # noqa: D301 - click's mark for lines that stay as they are
    if not (figures or hours or judged_by["figures_as_of"]):
        raise click.UsageError('Say what if: --figure "NAME=VALUE", --hours "CALENDAR=HOURS" or --figures-as-of DAY.')
    when = read_as_of(as_of, zone, ledger, mapping)
    day, judged_by["figures_as_of"] = judged_by["figures_as_of"], None
    engine = load_engine(**judged_by)
    with waiting(f"reading {ledger}"):
        book = read_ledger(ledger, engine, mapping=mapping, zone=zone, as_of=when)
    engine = engine.for_ledger(book)
    other = _assumed(engine, figures, hours, day)
    with waiting("judging twice"):
        before = engine.audit(book, as_of=when)
        after = other.audit(book, as_of=when)
    _show(before.compare(after), form, output)


def _assumed(engine: Engine, figures: tuple[str, ...], hours: tuple[str, ...], day: str | None) -> Engine:
    from windowservice.instants import as_written, to_date

    said: dict[str, Any] = {}
    given: set[tuple[str, Any]] = set()
    for text in figures:
        name, key, value = _figure(text, engine)
        if (name, key) in given or any(one == name and (key is None) != (other is None) for one, other in given):
            raise click.UsageError(f"{name} is given twice: say one value for all of it, or one for each key.")
        given.add((name, key))
        if key is None:
            said[name] = value
        else:
            said.setdefault(name, {})[key] = value
    calendars = dict(_calendar(text, engine) for text in hours)
    as_of = None if day is None else to_date(as_written(day), "--figures-as-of")
    return engine.what_if(figures=said, calendars=calendars or None, figures_as_of=as_of)


def _figure(text: str, engine: Engine) -> tuple[str, Any, Any]:
    """Return the name, the key or None, and the value of ``NAME[KEY]=VALUE``, whole numbers as such."""
    from windowservice.engine.ruleset import figures_of
    from windowservice.language.tree.values import ValueType

    line, found, value = text.partition("=")
    name, _, rest = line.strip().partition("[")
    if not found or not name or (rest and not rest.endswith("]")):
        raise click.BadParameter(f'{text!r}; write NAME=VALUE or "NAME[KEY]=VALUE"', param_hint="--figure")
    figure = figures_of(e for loaded in engine.rules for e in loaded.rule.conditions).get(name)
    parts = tuple(part.strip() for part in rest.removesuffix("]").split(",")) if rest else ()
    key = None if not parts else parts[0] if len(parts) == 1 else parts
    said: Any = value.strip()
    if figure is not None and figure.type is ValueType.INT and said.lstrip("-").isdecimal():
        said = int(said)
    return name, key, said


def _calendar(text: str, engine: Engine) -> tuple[str, WorkCalendar]:
    """Return the name and the calendar of ``CALENDAR=HOURS``: its days off stay as they are."""
    from windowservice.errors import UnknownName
    from windowservice.worktime.calendar import WorkCalendar

    name, found, hours = (part.strip() for part in text.partition("="))
    if not found or not hours:
        wanted = 'write "CALENDAR=HOURS", as in "window=mon-fri 09:00-16:00"'
        raise click.BadParameter(f"{text!r}; {wanted}", param_hint="--hours")
    if name not in engine.calendars:
        raise UnknownName("calendar", name, tuple(engine.calendars), "--hours")
    old = engine.calendars[name]
    return name, WorkCalendar(
        old.timezone, hours, layers=old.layers, known_from=old.known_from, known_until=old.known_until,
        on_unknown=old.on_unknown, name=old.name,
    )  # fmt: skip


@click.command(short_help="Which verdicts differ between two days or two ledgers?")
@click.argument("ledger", type=PATH)
@click.argument("other", type=PATH, required=False)
@as_of_option
@click.option("--and", "later", metavar="WHEN", help="When it is looked at the second time.  [default: as the first]")
@ledger_options
@engine_options
@format_option("text", "json")
@output_option
def compare(
    ledger: Path, other: Path | None, as_of: str, later: str | None, mapping: Path | None, zone: str | None, form: str,
    output: Path | None, **judged_by: Any,
) -> None:  # fmt: skip
    """Judge LEDGER twice, or LEDGER and OTHER, and show which verdicts differ.

    \b
    windowservice compare ledger/ --as-of 2018-05-31 --and 2018-06-30
    windowservice compare may/ june/ --as-of 2018-05-31 --and 2018-06-30
    """  # noqa: D301 - click's mark for lines that stay as they are
    if other is None and later is None:
        raise click.UsageError("Name a second ledger, or a second time by --and WHEN.")
    reports = []
    engine = load_engine(**judged_by)
    for path, text in ((ledger, as_of), (other or ledger, later or as_of)):
        when = read_as_of(text, zone, path, mapping)
        with waiting(f"judging {path}"):
            book = read_ledger(path, engine, mapping=mapping, zone=zone, as_of=when)
            reports.append(engine.for_ledger(book).audit(book, as_of=when))
    _show(reports[0].compare(reports[1]), form, output)


def _show(found: Changes, form: str, output: Path | None) -> None:
    from windowservice.blocks.blocks import Lines, Table
    from windowservice.reports.json_file import write_json

    rows = [(one.key, one.rule, *(verdict or "not judged" for verdict in one.verdicts)) for one in found.all]
    if form == "json":
        head = {"format": "windowservice.changes", "format_version": 1}
        head |= {"compared": found.compared, "changed": len(found)}
        names = ("record", "rule", "before", "after")
        with writing(output) as out:
            write_json(head, out, rows=(dict(zip(names, row, strict=True)) for row in rows), name="changes")
        return
    blocks: list[Block] = [Lines(str(found))]
    if rows:
        blocks.append(Table(("record", "rule", "before", "after"), rows[:_LINES]))
    more = len(rows) - _LINES
    written([*blocks, *([Lines(f"  ... and {more:,} more; all of them in --format json")] if more > 0 else [])], output)
