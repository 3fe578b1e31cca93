"""Writes the pages that the library itself can tell: ``python docs/reference.py`` (tests compare what it writes).

`rules.md` and the pages of policies come from the built-in packs, `errors.md` from the exceptions, `tables.md` from
the tables of a ledger.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import windowservice as ws
from windowservice import errors
from windowservice.engine.ruleset import figures_of
from windowservice.facts.requests.service_figures import supplied_by
from windowservice.language.tree.facts import Facts
from windowservice.ledger.schema import Table
from windowservice.ledger.tables import BUILT_IN
from windowservice.reports.words import word

_FOLDER = "policies"
_WRITTEN = "<!-- written by docs/reference.py; change what it reads, not this page -->"

_RULES = f"""\
# The rules

{_WRITTEN}

What the built-in packs ask. Each policy has a page with the whole text of its rules, the figures they
rest on and their sources. A rule applies where *when* holds, and then *requires* must hold; both are printed as the
library parses them. How far a source was verified stands in brackets behind it; `assumption` means a default of this
library, to be replaced by a branch's own rule.
"""
_FIGURES = """\
## Figures

Those of kinds of business (S01 to S19) stand in the catalogue; a value holds from its day on.

| figure | value | from | basis | what it is |
|---|---|---|---|---|"""

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

_FACTS = f"""\
# All facts

{_WRITTEN}

What rules, selections and groups may name of each record type of the library, in Python (`request.accepted_at`, from
`windowservice.facts`) and in [text](grammar.md) alike. A fact is given, and then a ledger or an app states it, or it
follows from others by the formula. The record types of a plugin, or of a pack in TOML, have facts of their own.
"""


def rules_page() -> str:
    """Return the text of `rules.md`."""
    rows = [
        f"| `{pack.name}/{rule.name}` | {rule.title['en']} | {rule.severity} "
        f"| [{rule.policy}]({_FOLDER}/{_slug(rule.policy)}.md) |"
        for pack in _engine().packs
        for rule in pack.rules
    ]
    return "\n".join([_RULES, "| rule | what it asks | severity | policy |", "|---|---|---|---|", *rows, ""])


def policy_pages() -> dict[str, str]:
    """Return the pages of all policies by their names: the rules, the figures and what they rest on."""
    found: dict[str, list[tuple[ws.Pack, ws.Rule]]] = {}
    for pack in _engine().packs:
        for rule in pack.rules:
            found.setdefault(rule.policy, []).append((pack, rule))
    return {f"{_FOLDER}/{_slug(name)}.md": "\n".join(_policy(name, rules)) for name, rules in found.items()}


@cache
def _engine() -> ws.Engine:
    return ws.Engine.load(installed=False)


def _slug(policy: str) -> str:
    return policy.replace(" ", "-")


def _policy(name: str, rules: list[tuple[ws.Pack, ws.Rule]]) -> Iterator[str]:
    chinese = word(name, "zh")
    yield f"# {name.capitalize()} {chinese if chinese != name else ''}".rstrip() + "\n"
    yield f"{_WRITTEN}\n"
    tables = dict.fromkeys(rule.of.options.table or "requests" for _, rule in rules)
    given = {table.name for table in BUILT_IN.of_records}
    read = [f"[{table}](../tables.md#{table})" if table in given else f"`{table}`" for table in tables]
    yield f"What is asked, by which figures and on what basis. Judged are records of: {', '.join(read)}.\n"
    yield "## Rules\n"
    for pack, rule in rules:
        yield from _rule(pack, rule)
    lines = list(_figures([rule for _, rule in rules]))
    if lines:
        yield _FIGURES
        yield from lines
        yield ""


def _rule(pack: ws.Pack, rule: ws.Rule) -> Iterator[str]:
    yield f"### {pack.name}/{rule.name}\n"
    yield f"{rule.title['en']}. {rule.title['zh']}。\n"
    yield f"- requires `{rule.require}`"
    if rule.when is not None:
        yield f"- when `{rule.when}`"
    yield f"- severity {rule.severity}; principle {rule.principle or 'none named'}; pack version {pack.version}"
    if rule.settled_by:
        yield f"- a count is settled by {', '.join(rule.settled_by)}"
    yield f"- basis: {rule.basis}\n"


def _figures(rules: list[ws.Rule]) -> Iterator[str]:
    """Yield the rows of all figures that the rules rest on; of the catalogue, kinds that share a value in one."""
    engine = _engine()
    of_catalogue = supplied_by(engine.catalogue)
    expressions = [condition for rule in rules for condition in rule.conditions]
    for name, figure in sorted(figures_of(expressions).items()):
        alike: dict[tuple[object, ...], list[str]] = {}
        for key, dated in (figure.table or of_catalogue.get(name, {})).items():
            for day, value, basis in zip(dated.dates, dated.values, dated.bases, strict=True):
                alike.setdefault((day, _said(value, figure.unit), str(basis)), []).append(key)
        for (day, value, basis), keys in alike.items():
            of = f" of {', '.join(keys)}" if any(keys) else ""
            yield f"| `{name}`{of} | {value} | {day} | {basis} | {figure.note} |"


def _said(value: object, unit: str | None) -> str:
    said = ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
    return f"{said} {unit}" if unit else said


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
    return ", ".join(f"`{name}`" for name in getattr(kind, "__match_args__", ()))


def tables_page() -> str:
    """Return the text of `tables.md`."""
    return "\n".join([_TABLES, *(line for table in BUILT_IN.of_records for line in _table(table))])


def _table(table: Table) -> Iterator[str]:
    yield f"## {table.name}\n"
    yield f"{table.title} Rows are told apart by {', '.join(f'`{name}`' for name in table.key)}.\n"
    yield "| column | type | unit | required | meaning |\n|---|---|---|---|---|"
    for column in table.columns:
        listed = (f"`{word}`{column.shown(word)[len(word) :]}" for word in column.words)
        words = f" One of {', '.join(listed)}." if column.words else ""
        required = "yes" if column.required else ""
        yield f"| `{column.name}` | {column.type} | {column.unit} | {required} | {column.title}{words} |"
    yield ""


def facts_page() -> str:
    """Return the text of `facts.md`."""
    types: dict[type[Facts], None] = {}
    for found in (*_engine().judged_vocabularies, *_engine().record_types):
        types |= dict.fromkeys(one for one in (found, found.children) if one is not None)
    return "\n".join(
        [_FACTS, *(line for found in sorted(types, key=lambda one: one.__name__) for line in _facts(found))]
    )


def _facts(of: type[Facts]) -> Iterator[str]:
    yield f"## {of.__name__}\n"
    yield (inspect.getdoc(of) or "").partition("\n\n")[0]
    yield "\n| fact | type | unit | what it is | follows from |\n|---|---|---|---|---|"
    for name, fact in of.given.items():
        formula = "" if fact.definition is None else f"`{fact.definition}`".replace("|", "\\|")
        title = fact.title.replace("|", "\\|")
        yield f"| `{name}` | {fact.type} | {fact.unit or ''} | {title} | {formula} |"
    yield ""


def pages() -> dict[str, str]:
    """Return the text of every page by its name in this folder."""
    return {
        "rules.md": rules_page(), "errors.md": errors_page(), "tables.md": tables_page(), "facts.md": facts_page(),
        **policy_pages(),
    }  # fmt: skip


def main() -> None:
    """Write the pages, and take away those of policies that are no more."""
    here = Path(__file__).parent
    (here / _FOLDER).mkdir(exist_ok=True)
    written = pages()
    for old in (here / _FOLDER).glob("*.md"):
        if f"{_FOLDER}/{old.name}" not in written:
            old.unlink()
    for name, text in written.items():
        (here / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
