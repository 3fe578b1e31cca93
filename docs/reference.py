"""Writes the pages that the library itself can tell: ``python docs/reference.py`` (tests compare what it writes).

`rules.md` comes from the built-in packs, `errors.md` from the exceptions.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import windowservice as ws
from windowservice import errors
from windowservice.engine.ruleset import conditions, figures_of
from windowservice.ledger.all_tables import RECORD_TABLES
from windowservice.ledger.schema import Table

_WRITTEN = "<!-- written by docs/reference.py; change what it reads, not this page -->"

_RULES = f"""\
# The rules

{_WRITTEN}

What the built-in packs ask, as they are loaded. A rule applies where *when* holds, and then *requires* must hold; both
are printed as the library parses them. A figure that stands in the catalogue is dated there, for each kind of business.
How far a source was verified stands in brackets behind it; `assumption` means a default of this library, to be replaced
by a branch's own rule.
"""

_ERRORS = f"""\
# Errors

{_WRITTEN}

Every exception and warning of the library, in `windowservice.errors`, with the values that it carries. Each kind is
also a kind of the one named behind it, so that catching `ws.WindowserviceError` catches all.
"""


_TABLES = f"""\
# Further tables

{_WRITTEN}

Tables that a ledger may hold beside requests: each row is a record of its own and is judged by the rules on it. All are
optional. They are read as the [ledger](ledger.md) page says; a mapping names them with `[table.row]` and
`table = "..."`. A branch's own columns are called `extra.<name>`.
"""


def rules_page() -> str:
    """Return the text of `rules.md`."""
    engine = ws.Engine.load(installed=False)
    return "\n".join([_RULES, *(line for pack in engine.packs for line in _pack(pack))])


def _pack(pack: ws.Pack) -> Iterator[str]:
    yield f"## {pack.title['en']} {pack.title['zh']}\n"
    source = "" if pack.basis is None else f" Source: {pack.basis}."
    yield f"Pack `{pack.name}`, version {pack.version}.{source}\n"
    for rule in pack.rules:
        yield from _rule(pack, rule)


def _rule(pack: ws.Pack, rule: ws.Rule) -> Iterator[str]:
    yield f"### {pack.name}/{rule.name}\n"
    yield f"{rule.title['en']}. {rule.title['zh']}。\n"
    yield f"- requires `{rule.require}`"
    if rule.when is not None:
        yield f"- when `{rule.when}`"
    yield f"- severity {rule.severity}; institution {rule.institution}; principle {rule.principle}"
    if rule.settled_by:
        yield f"- a count is settled by {', '.join(rule.settled_by)}"
    yield from _figures(rule)
    yield f"- basis: {rule.basis}\n"


def _figures(rule: ws.Rule) -> Iterator[str]:
    from_catalogue = []
    for name, figure in sorted(figures_of(conditions(rule)).items()):
        if not figure.table:
            from_catalogue.append(name)
        for key, dated in figure.table.items():
            for day, value, basis in zip(dated.dates, dated.values, dated.bases, strict=True):
                unit = f" {figure.unit}" if figure.unit else ""
                said = ", ".join(sorted(value)) if isinstance(value, frozenset) else value
                keyed = f"[{key}]" if key else ""
                yield f"- figure `{name}{keyed}` = {said}{unit} from {day}: {figure.note} ({basis})"
    if from_catalogue:
        yield f"- figures of the catalogue: {', '.join(f'`{name}`' for name in from_catalogue)}"


def errors_page() -> str:
    """Return the text of `errors.md`."""
    kinds = [
        kind
        for kind in vars(errors).values()
        if inspect.isclass(kind) and issubclass(kind, Exception) and kind.__module__.startswith(f"{errors.__name__}.")
    ]
    rows = [
        f"| `{kind.__name__}` | {_first_sentence(kind)} | {_values(kind)} | {kind.__base__.__name__} |"
        for kind in kinds
    ]
    return "\n".join([_ERRORS, "| error | when | carries | is a |", "|---|---|---|---|", *rows, ""])


def _first_sentence(kind: type[Exception]) -> str:
    return " ".join((inspect.getdoc(kind) or "").split("\n\n", maxsplit=1)[0].split())


def _values(kind: type[Exception]) -> str:
    return ", ".join(f"`{field.name}`" for field in getattr(kind, "__attrs_attrs__", ()))


def tables_page() -> str:
    """Return the text of `tables.md`."""
    return "\n".join([_TABLES, *(line for table in RECORD_TABLES for line in _table(table))])


def _table(table: Table) -> Iterator[str]:
    yield f"## {table.name}\n"
    yield f"{table.title} Rows are told apart by {', '.join(f'`{name}`' for name in table.key)}.\n"
    yield "| column | type | unit | required | meaning |\n|---|---|---|---|---|"
    for column in table.columns:
        words = f" One of {', '.join(f'`{word}`' for word in column.words)}." if column.words else ""
        required = "yes" if column.required else ""
        yield f"| `{column.name}` | {column.type} | {column.unit} | {required} | {column.title}{words} |"
    yield ""


PAGES = {"rules.md": rules_page, "errors.md": errors_page, "tables.md": tables_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        Path(__file__).with_name(name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
