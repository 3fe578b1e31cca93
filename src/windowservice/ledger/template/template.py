"""A template of a ledger: the tables with their headers, to be filled in, with settings and a mapping to uncomment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Final

import attrs

from windowservice.domain.requests.kinds import EVENT_KINDS, EventKind
from windowservice.errors import InvalidValue
from windowservice.ledger.reading.settings import SETTINGS_FILE
from windowservice.ledger.schema import Table
from windowservice.ledger.tables import BUILT_IN, Tables
from windowservice.ledger.template.texts import mapping_text, readme_text, settings_text
from windowservice.ledger.template.workbook import workbook_bytes

__all__ = ["write_template"]

_WORKBOOK: Final = ".xlsx"
_MAPPING_FILE: Final = "mapping.toml"
_README: Final = "README.txt"
_BOM: Final = "\ufeff"  # without it Excel takes Chinese in a CSV file for something else


def write_template(
    target: str | PathLike[str],
    *,
    tables: Iterable[str] | None = None,
    beside: Mapping[str, str] | None = None,
    overwrite: bool = False,
    known: Tables = BUILT_IN,
    kinds: Iterable[EventKind] = (),
) -> tuple[Path, ...]:
    """Write an empty ledger that can be filled in, and return the files written.

    A target that ends in ``.xlsx`` becomes a workbook with a sheet for each table, and sheets that explain them; any
    other one a folder with a CSV file for each table and a ``README.txt``. ``ledger.toml`` and ``mapping.toml`` lie
    beside, all in comments that explain them.

    Args:
        target: the workbook, or the folder; what leads to it is made if need be.
        tables: the names of the tables; None for all. With none at all, only the files of `beside` are written.
        beside: texts of further files by name, as `windowservice.rules.starts.starts` gives them; ``ledger.toml`` names
            those that it can.
        overwrite: whether files that are there are written anew; else nothing at all is written.
        known: the tables that a ledger can have.
        kinds: the kinds of event that plugins add.

    Raises:
        UnknownName: if there is no such table; the nearest is offered.
        InvalidValue: if a file is there already, or the target is neither a workbook nor a folder.
        MissingExtra: if a workbook is wanted and xlsxwriter is not installed.
        OSError: if it cannot be written.
    """
    path = Path(target)
    chosen = tuple(known) if tables is None else tuple(known.named(name) for name in dict.fromkeys(tables))
    words = tuple(sorted({*EVENT_KINDS, *(kind.name for kind in kinds)}))
    made = _files(path, tuple(_with_kinds(table, words) for table in chosen), beside or {}, words)
    there = [str(file) for file in made if file.exists()]
    if there and not overwrite:
        raise InvalidValue(
            "the template", ", ".join(there), "written where nothing of its name is: choose another place, or overwrite"
        )
    for file, content in made.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tuple(made)


def _with_kinds(table: Table, words: tuple[str, ...]) -> Table:
    columns = [attrs.evolve(one, words=words) if one.type == "kind" else one for one in table.columns]
    return attrs.evolve(table, columns=tuple(columns))


def _files(path: Path, tables: Sequence[Table], beside: Mapping[str, str], kinds: tuple[str, ...]) -> dict[Path, bytes]:
    workbook = path.suffix.lower() == _WORKBOOK
    if not workbook and (path.suffix or path.is_file()) and not path.is_dir():
        raise InvalidValue("the template", str(path), f"a workbook, whose name ends in {_WORKBOOK}, or a folder")
    folder = path.parent if workbook else path
    texts = dict(beside)
    made: dict[Path, bytes] = {}
    if tables:
        texts[SETTINGS_FILE] = settings_text(beside, kinds)
        texts[_MAPPING_FILE] = mapping_text(tables, path.name if workbook else "")
        if workbook:
            made[path] = workbook_bytes(tables)
        else:
            texts[_README] = readme_text(tables)
            texts |= {f"{table.name}.csv": f"{_BOM}{','.join(table.names)}\n" for table in tables}
    return made | {folder / name: text.encode() for name, text in texts.items()}
