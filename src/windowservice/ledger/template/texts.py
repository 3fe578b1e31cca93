"""The texts of a template: what each column holds, a mapping and the settings of a ledger, to be uncommented."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from windowservice.domain.requests.kinds import EVENT_KINDS
from windowservice.ledger.schema import Column, Table

__all__ = ["HOW_TO_FILL_IN", "allowed", "holds", "mapping_text", "readme_text", "settings_text", "uncommented"]

_HOLDS: Final[Mapping[str, str]] = {
    "code": "an id, compared exactly",
    "text": "words as they are",
    "kind": "an event kind",
    "instant": "date with time of day, 2018-05-03 09:40",
    "date": "a date, 2018-05-03",
    "number": "a number, exact",
    "integer": "a whole number",
    "boolean": "yes or no",
    "items": "ids with ; between them",
    "limit": "a limit in words, 3 working days",
}
HOW_TO_FILL_IN: Final = (
    "Each table stands by itself: one row below its header is one record. Do not rename the columns.",
    "A column that must be stated may not be empty; of the others, leave out those that you do not keep.",
    "An empty cell is missing, and what is missing is never a pass. Take away whole tables that you do not keep: a "
    "table without a row says that nothing of its kind happened.",
    "A further column of your own is called extra.<name>, where the table takes any.",
    "State the zone of the times and the opening hours once, in ledger.toml.",
)
_MAKES: Final[Mapping[str, str]] = {
    "requests": "[table.request]", "events": "[[table.event]]", "banks": "[table.bank]",
    "services": "[table.service]", "staff": "[table.clerk]",
}  # fmt: skip
"""What a mapping calls the records of a table, if not rows."""
_EXPLAINED: Final = '## Take the "# " away from what you use; lines that begin with "##" explain.'


def holds(column: Column) -> str:
    """Return in words what the cells of a column hold."""
    said = "one of a few words" if column.words and column.type != "kind" else _HOLDS[column.type]
    return said + (f", in {column.unit}" if column.unit else "")


def allowed(column: Column) -> tuple[str, ...]:
    """Return the words that a column may hold, if they are fixed; plugins may know further event kinds."""
    if column.type == "boolean":
        return ("yes", "no")
    return column.words or (tuple(sorted(EVENT_KINDS)) if column.type == "kind" else ())


def uncommented(text: str) -> str:
    """Return a template with all that is commented out taken in, its explanations left as they are."""
    return "".join(line.removeprefix("# ") for line in text.splitlines(keepends=True))


def readme_text(tables: Iterable[Table]) -> str:
    """Return what the tables of a template hold, column by column."""
    return "\n".join(_readme(tables))


def _readme(tables: Iterable[Table]) -> Iterator[str]:
    yield "TEMPLATE OF A LEDGER"
    yield ""
    yield from HOW_TO_FILL_IN
    for table in tables:
        yield f"\n{table.name}: {table.title}"
        for column in table.columns:
            must = " (must be stated)" if column.required else ""
            words = f" One of {', '.join(map(column.shown, allowed(column)))}." if allowed(column) else ""
            yield f"  {column.name}{must}: {column.title} [{holds(column)}]{words}"
    yield ""


def mapping_text(tables: Iterable[Table], workbook: str = "") -> str:
    """Return a mapping, commented out, that reads tables under our own names, each to be replaced by another.

    Args:
        tables: the ledger tables that it fills.
        workbook: the workbook whose sheets they are; without it each is a CSV file of its name.
    """
    return "\n".join(_mapping(tables, workbook))


def _mapping(tables: Iterable[Table], workbook: str) -> Iterator[str]:
    yield "## How other people's tables become ours: the right-hand sides are your columns, the left-hand sides ours."
    yield _EXPLAINED
    yield "## Instead of a column: { constant = ... }, or { column = ..., words = { ... }, default = ... }."
    yield "## One row may become several records: a request, and an event for each of its dates."
    yield ""
    yield '# zone = "Asia/Shanghai"'
    for table in tables:
        yield ""
        yield f"## {table.name}: {table.title}"
        yield "# [[table]]"
        if workbook:
            yield f"# file = {_quoted(workbook)}"
            yield f"# sheet = {_quoted(table.name)}"
        else:
            yield f"# file = {_quoted(table.name + '.csv')}"
        yield f"# {_MAKES.get(table.name, '[table.row]')}"
        if table.name not in _MAKES:
            yield f"# table = {_quoted(table.name)}"
        for column in table.columns:
            must = "must be stated; " if column.required else ""
            yield f"# {column.name} = {_quoted(column.name)}  # {must}{holds(column)}"
        if table.extensible:
            yield '## extra.name = { column = "a column of your own", type = "text" }'
    yield ""


def settings_text(beside: Collection[str] = (), kinds: Iterable[str] = EVENT_KINDS) -> str:
    """Return the settings of a ledger, commented out but for the files that lie beside it.

    Args:
        beside: the names of further files that are written with it, such as ``ladder.toml``.
        kinds: the kinds of event that there are.
    """

    def line(key: str, name: str) -> str:
        return f'{"" if name in beside else "# "}{key} = "{name}"'

    listed = ",\n#   ".join(map(_quoted, sorted(kinds)))
    if "hours.toml" in beside:
        calendar = ["[calendar]", line("file", "hours.toml")]
    else:
        calendar = ["# [calendar]", '# china = "08:30-11:30 13:30-17:00"', '## weekly = "mon-fri 09:00-17:00"']
    lines = (
        "## What holds for the whole ledger.",
        _EXPLAINED,
        "",
        "## The IANA zone of times that name none.",
        'zone = "Asia/Shanghai"  # change it if the branch is elsewhere',
        "",
        "## The event kinds that are written down if they happen; take away those that are not. One that stands",
        "## here and is absent has not happened; one that does not is unknown. Without the list all are recorded.",
        f"# recorded = [\n#   {listed},\n# ]",
        "",
        "## If the tables bear other names than ours.",
        '# mapping = "mapping.toml"',
        "",
        "## The branch's own, in place of the library's: kinds of business, duties that come again, the escalation",
        "## ladder, the scorecard, and how its indicators are counted.",
        *(line(name, f"{name}.toml") for name in ("catalogue", "duties", "ladder", "scorecard", "indicators")),
        "",
        "## Of which indicators the tables are complete: a bank without a row had nothing of the kind.",
        "# [complete]",
        "# since = 2018-01-01",
        '# indicators = ["A3", "B2", "B3"]',
        "",
        "## The opening hours: china (hours of China's workdays), weekly (by weekday) or file (a calendar file).",
        *calendar,
        "",
    )
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
