"""A sample ledger: a synthetic year at a window, with planted faults and near misses that are all listed beside it.

``python -m tests.sample.write`` makes the one that is shipped.
"""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import attrs
from tests.sample.desk import (
    BANKS,
    CLERKS,
    HOURS,
    JOINED,
    NEWCOMERS,
    POSTED,
    TEMPS,
    YEAR,
    Desk,
)
from tests.sample.faults.contact import plant_contact
from tests.sample.faults.limits import plant_limits
from tests.sample.faults.notices import plant_notices
from tests.sample.faults.steps import plant_steps
from tests.sample.faults.team import plant_team
from tests.sample.faults.unknown import plant_unknown
from tests.sample.faults.visits import plant_visits
from tests.sample.lapsed import plant_lapsed, plant_lapses
from tests.sample.matter import Expected, Matter, Step
from tests.sample.months import long_months, post_of
from tests.sample.planting import Planting
from tests.sample.records.actions import plant_actions
from tests.sample.records.admission import plant_admissions
from tests.sample.records.duties import plant_duties
from tests.sample.records.handling import plant_handling
from tests.sample.records.monitoring import plant_monitoring
from tests.sample.records.organisation import plant_organisation
from tests.sample.records.own_duties import own_duties, plant_own_duties
from tests.sample.records.postings import plant_postings
from tests.sample.records.rows import RecordPlanting, record_cells
from tests.sample.records.supervision import plant_supervision
from tests.sample.records.training import plant_training
from tests.sample.records.unknown import plant_unknown_rows
from tests.sample.trained import plant_own_training, plant_trainings
from tests.sample.year import year_in_order

from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.errors import InvalidValue
from windowservice.instants import SECOND, as_of_us, from_us, get_zone
from windowservice.ledger import sample
from windowservice.ledger.sample import AS_OF, PLANTED_FILE

__all__ = ["make_records", "make_sample", "pack_sample", "write_sample"]

_DUTIES_FILE: Final = "duties.toml"
_ZONE: Final = get_zone("Asia/Shanghai")
_MATTERS: Final = (
    plant_contact, plant_notices, plant_limits, plant_steps, plant_visits, plant_team, plant_own_training,
    plant_unknown, plant_lapsed,
)  # fmt: skip
"""What makes the matters that are spoilt, or nearly so."""
_RECORDS: Final = (
    plant_monitoring, plant_duties, plant_supervision, plant_handling, plant_actions, plant_admissions, plant_postings,
    plant_organisation, plant_own_duties, plant_trainings, plant_lapses, plant_unknown_rows, plant_training,
)  # fmt: skip
"""What makes the rows of further tables, area by area."""
_EXPECTED_TIME: Final = "front_and_back/takes_expected_time"
_SYNTHETIC: Final = "yes"
_README: Final = """SYNTHETIC LEDGER - made by a program; no bank, clerk or matter in it exists.

A year ({year}) at the window of a central-bank branch: {banks} banks, {clerks} clerks, {kinds} kinds of business,
{requests} requests, {events} events, {records} rows of other tables, made with the seed {seed}. Opening hours
08:30-11:30 and 13:30-17:00 on China's workdays, make-up Saturdays included. The participant codes (90000000....) belong
to nobody; every request, event and row of other tables says `yes` in the column extra.synthetic.

{faults} faults, {near} near misses and {unknown} rows that lack something were planted by editing events and rows.
planted.csv lists each of them: the request or row, the rule, whether it is a fault, a near miss or cannot be told, the
verdict that has to come out as of {as_of}, by how much (a number, or seconds), and what was done. Everything else is in
order, or still open on that day.

    windowservice audit . --as-of {as_of}
"""
_LEDGER: Final = f"""# Synthetic: see README.txt.
zone = "Asia/Shanghai"
duties = "{_DUTIES_FILE}"

[calendar]
china = "{HOURS}"
"""


def make_sample(seed: int = 2018, requests: int = 1600) -> tuple[list[Matter], list[Expected]]:
    """Return the matters of the sample and what is expected of those that were edited.

    Args:
        seed: the same seed gives the same sample.
        requests: how many matters are in order, about; those with planted faults and near misses come on top.

    Raises:
        InvalidValue: if a number is below 0 or no whole number.
    """
    for name, value in (("seed", seed), ("requests", requests)):
        if type(value) is not int or value < 0:
            raise InvalidValue(name, value, "a whole number, 0 or more")
    desk = Desk(seed)
    until = as_of_us(AS_OF, _ZONE)
    planting = Planting(desk, until)
    for plant in _MATTERS:
        plant(planting)
    matters = [*year_in_order(desk, requests), *planting.matters]
    matters.sort(key=lambda matter: (min(step.at for step in matter.steps), matter.id))
    numbers = {matter.id: f"R-{place:04}" for place, matter in enumerate(matters, 1)}
    for matter in matters:
        matter.id = numbers[matter.id]
        matter.drop_after(until)
    expected = [attrs.evolve(row, request=_renumbered(row.request, numbers)) for row in planting.expected]
    planted = {(row.request, row.rule) for row in expected}
    by_chance = [key for key in long_months(desk, matters, until) if (key, _EXPECTED_TIME) not in planted]
    expected += [Expected(key, _EXPECTED_TIME, "fault", "fail", None, None, "a long month") for key in by_chance]
    return matters, sorted(expected, key=lambda row: (row.request, row.rule))


def _renumbered(key: str, numbers: Mapping[str, str]) -> str:
    """Return the key of a matter, or of a record made from one, with the number that the matter got."""
    id_, space, rest = key.partition(" ")
    return numbers.get(id_, id_) + space + rest


def make_records(seed: int = 2018) -> RecordPlanting:
    """Return the rows of the sample's further tables, and what is expected of those that were edited.

    Args:
        seed: the same seed gives the same rows.
    """
    planting = RecordPlanting(Desk(seed), as_of_us(AS_OF, _ZONE))
    for plant in _RECORDS:
        plant(planting)
    return planting


def write_sample(path: str | PathLike[str], *, seed: int = 2018, requests: int = 1600) -> Path:
    """Write the sample ledger into a folder, which is made if need be, and return the folder.

    It holds requests.csv, events.csv, banks.csv, services.csv, staff.csv, the further tables and ledger.toml, which
    make a ledger, planted.csv, which lists the planted faults and near misses, and README.txt. The same seed writes the
    same bytes;
    files of these names are written anew.

    Args:
        path: the folder.
        seed: what the sample is made from.
        requests: how many matters are in order, about.

    Raises:
        InvalidValue: if a number is below 0 or no whole number.
        OSError: if it cannot be written.
    """
    folder = Path(path)
    matters, expected = make_sample(seed, requests)
    records = make_records(seed)
    expected += sorted(records.expected, key=lambda row: (row.request, row.rule))
    folder.mkdir(parents=True, exist_ok=True)
    events = [(matter.id, step) for matter in matters for step in matter.ordered]
    _write(folder / "requests.csv", _REQUESTS, (_request_row(matter) for matter in matters))
    _write(folder / "events.csv", _EVENTS, (_event_row(id_, step) for id_, step in events))
    _write(folder / "banks.csv", ("id", "name", "kind", "participation", "joined"), _bank_rows())
    _write(folder / "services.csv", ("id", "since", "commitment"), ((a, b.isoformat(), c) for a, b, c in POSTED))
    _write(folder / "staff.csv", ("id", "name", "roles", "posts", "since", "until"), _staff_rows())
    for table, rows in records.tables.items():
        _write(folder / f"{table}.csv", *record_cells(table, rows, _ZONE))
    _write(folder / PLANTED_FILE, _PLANTED, (_planted_row(row) for row in expected))
    planted = Counter(row.kind for row in expected)
    told = _README.format(
        year=YEAR, banks=len(BANKS) + len(NEWCOMERS), clerks=len(CLERKS) + len(TEMPS), kinds=19, requests=len(matters),
        events=len(events), records=sum(map(len, records.tables.values())), seed=seed, faults=planted["fault"],
        near=planted["near_miss"], unknown=planted["unknown"], as_of=AS_OF,
    )  # fmt: skip
    _text(folder / "README.txt", told)
    _text(folder / "ledger.toml", _LEDGER)
    _text(folder / _DUTIES_FILE, own_duties())
    return folder


_REQUESTS: Final = ("id", "bank", "service", "amount", "channel", "extra.synthetic")
_EVENTS: Final = (
    "request", "at", "kind", "by", "to", "items", "reason", "written", "slip", "amount", "slot_begin", "slot_end",
    "score", "extra.synthetic",
)  # fmt: skip
_PLANTED: Final = ("request", "rule", "kind", "expected", "number", "late_by_seconds", "what")


def _request_row(matter: Matter) -> Sequence[Any]:
    return matter.id, matter.bank, matter.service, matter.amount, matter.channel, _SYNTHETIC


def _event_row(id_: str, step: Step) -> Sequence[Any]:
    written = None if step.written is None else "yes" if step.written else "no"
    begin, end = (None, None) if step.slot is None else map(_instant, step.slot)
    return (
        id_, _instant(step.at), step.kind, step.by, step.to, ";".join(step.items), step.reason, written, step.slip,
        step.amount, begin, end, step.score, _SYNTHETIC,
    )  # fmt: skip


def _planted_row(row: Expected) -> Sequence[Any]:
    late = None if row.late_us is None else _seconds(row.late_us)
    return row.request, row.rule, row.kind, row.verdict, row.number, late, row.what


def _seconds(us: int) -> str:
    """Return microseconds as exact seconds."""
    whole, rest = divmod(us, SECOND)
    return str(whole) if not rest else f"{whole}.{rest:06}".rstrip("0")


def _bank_rows() -> Iterable[Sequence[Any]]:
    for place, id_ in enumerate(BANKS):
        kind = ("bank", "rural_cooperative", "finance_company")[place % 3]
        joined = date(2009, 1, 5) + timedelta(days=160 * place)
        yield id_, f"Synthetic bank {place + 1} (虚构银行)", kind, "indirect" if place % 4 == 3 else "direct", joined
    for place, id_ in enumerate(NEWCOMERS, len(BANKS) + 1):
        yield id_, f"Synthetic bank {place} (虚构银行)", "bank", "indirect", JOINED


def _staff_rows() -> Iterable[Sequence[Any]]:
    catalogue = Catalogue.default()
    named = {role for service in catalogue for role in (service.owner_role, service.back_office_role) if role}
    for place, id_ in enumerate(CLERKS, 1):
        yield id_, f"Synthetic clerk {place} (虚构人员)", ";".join(sorted(named)), post_of(id_), "", ""
    for place, temp in enumerate(TEMPS, len(CLERKS) + 1):
        yield temp.id, f"Synthetic clerk {place} (虚构人员)", ";".join(temp.roles), "", temp.since, temp.until


def _instant(us: int) -> str:
    return from_us(us, _ZONE).isoformat(sep=" ", timespec="seconds")[:-6]


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _text(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write(text)


def pack_sample(path: str | PathLike[str]) -> None:
    """Write the sample as it is shipped, packed; the same bytes each time."""
    with TemporaryDirectory() as place, zipfile.ZipFile(path, "w") as packed:
        for file in sorted(write_sample(place).iterdir()):
            entry = zipfile.ZipInfo(file.name)  # of no time, so that the same sample is the same file
            packed.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)


if __name__ == "__main__":
    pack_sample(Path(sample.__file__).with_name("sample.zip"))
