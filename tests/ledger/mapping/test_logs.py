"""Real logs that nobody here wrote, read through mapping files and no code of their own."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from windowservice.ledger.ledger import Ledger

MAPPINGS = Path(__file__).with_name("mappings")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@cache
def read(path: Path, mapping: str) -> Ledger:
    return Ledger.read(path, mapping=MAPPINGS / f"{mapping}.toml")


@pytest.mark.parametrize(
    ("file", "mapping", "rows", "requests"),
    [
        ("receipt.csv.gz", "receipt", 8_577, 1_434),
        ("bpic2015_1.parquet", "bpic2015_1", 52_217, 1_199),
        ("helpdesk_it.parquet", "helpdesk_it", 21_348, 4_580),
        ("boston311_sample.csv.gz", "boston311", 4_995, 4_995),
    ],
)
def test_every_row_of_a_log_is_accounted_for(log, file, mapping, rows, requests):
    """Rows read are the rows published, all are accepted, and each case is a request with something that happened."""
    ledger = read(log(file), mapping)
    report = ledger.report
    assert report.read == report.accepted + report.rejected == rows
    assert report.rejected == 0
    assert len(ledger) == report.requests == requests
    assert all(request.events for request in ledger)
    assert report.events == sum(len(request.events) for request in ledger)


def test_receipt(log):
    """The given deadline and the responsible clerk come along; two cases were accepted before they were submitted."""
    ledger = read(log("receipt.csv.gz"), "receipt")
    request = next(request for request in ledger if request.id == "case-10011")
    assert request.extra["deadline"] == datetime(2011, 12, 6, 13, 41, 31, 788000, tzinfo=AMSTERDAM)
    assert (request.extra["responsible"], request.channel) == ("Resource21", "online")
    assert [event.kind for event in request.timeline] == ["submitted", "accepted", "checked", "noted", "checked"]
    assert [found.request for found in ledger.report.contradictions] == ["case-4677", "case-5704"]
    assert Counter(request.channel for request in ledger).keys() == {"online", "counter", "post", "mail", "internal"}


def test_bpic2015(log):
    """Two thirds of the stamps are midnight; what is missing is asked for and received; extensions name their days."""
    ledger = read(log("bpic2015_1.parquet"), "bpic2015_1")
    kinds = Counter(event.kind for request in ledger for event in request.events)
    assert (kinds["submitted"], kinds["notified"], kinds["supplemented"], kinds["extended"]) == (1_199, 288, 247, 145)
    assert 0.6 < ledger.report.at_midnight / ledger.report.events < 0.7
    assert {event.amount for request in ledger for event in request.events if event.kind == "extended"} == {"42 days"}
    assert ledger.report.files[0].passed_over > 40_000


def test_helpdesk(log):
    """A wait ends with the next event of its ticket; tickets that are filled in at once show as ties."""
    ledger = read(log("helpdesk_it.parquet"), "helpdesk_it")
    kinds = Counter(event.kind for request in ledger for event in request.events)
    assert kinds["suspended"] == 1_463
    assert 1_400 < kinds["resumed"] <= 1_463
    assert ledger.report.tied_requests > 1_000
    assert {"service_level", "seriousness_2"} <= {found.column for found in ledger.report.varying}


def test_boston(log):
    """The shifted wall clock is put right: work falls into the day, and all of the city's own verdicts come out."""
    ledger = read(log("boston311_sample.csv.gz"), "boston311")
    request = next(request for request in ledger if request.id == "101004128563")
    new_york = ZoneInfo("America/New_York")
    assert request.timeline[0].at == datetime(2022, 1, 17, 16, 20, tzinfo=new_york)
    assert request.extra["deadline"] == datetime(2022, 1, 18, 16, 20, 22, tzinfo=new_york)
    hours = Counter(event.at.astimezone(new_york).hour for request in ledger for event in request.events)
    assert sum(hours[hour] for hour in range(7, 19)) > 0.8 * sum(hours.values())
    said = Counter(request.extra.get("on_time") for request in ledger)
    assert said == {True: 4_520, False: 474, None: 1}
    dated = [request for request in ledger if "deadline" in request.extra and "on_time" in request.extra]
    assert len(dated) == 4_283
    kept = sum((request.timeline[-1].at <= request.extra["deadline"]) == request.extra["on_time"] for request in dated)
    assert kept == len(dated)
