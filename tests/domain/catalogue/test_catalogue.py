"""The service catalogue: the 19 default kinds, strict reading, the content hash, and promises longer than the law."""

from __future__ import annotations

import pickle
from datetime import date, time

import attrs
import pytest

from windowservice.domain.basis import MARKS
from windowservice.domain.catalogue.catalogue import Catalogue, is_longer
from windowservice.domain.catalogue.service import CaseStudy
from windowservice.errors import InvalidDocument, UnknownName
from windowservice.worktime.limits.limit import Limit

DAY = date(2018, 5, 3)

SMALL = """
schema_version = 1
id = "small"
version = "1"

[basis]
promise = { text = "promise", mark = "assumption" }

[defaults]
handover = [{ since = 2018-01-01, limit = "30 working minutes", basis = "promise" }]

[[classes]]
id = "commitment"
zh = "承诺件"
en = "commitment"
defaults = { end = "delivered" }

[[hours]]
calendar = "window"
since = 2018-01-01
weekly = "mon-fri 08:30-11:30 13:30-17:00"
basis = "promise"

[[services]]
id = "S1"
zh = "甲"
en = "one"
service_class = "commitment"
basis = { text = "written out", issued = "2018-03-01", mark = "known" }
commitment = [{ since = 2018-01-01, limit = "3个工作日", basis = "promise" }]
"""


@pytest.fixture(scope="module")
def default():
    """Return the catalogue that comes with the library."""
    return Catalogue.default()


# --- the default catalogue --------------------------------------------------------------------------------------------


def test_the_default_catalogue_has_nineteen_kinds(default):
    """S01 to S19, each in Chinese and English, with papers, a promise in force and a basis for it."""
    assert [service.id for service in default] == [f"S{number:02d}" for number in range(1, 20)]
    for service in default:
        assert service.zh
        assert service.en
        assert service.materials
        assert service.owner_role
        assert service.commitment_on(DAY).basis.mark in MARKS
        assert service.is_offered(date(2018, 1, 1))
        assert not service.is_offered(date(2017, 12, 31))
        assert service.case_studies == ()


@pytest.mark.parametrize(
    ("service", "limit"),
    {
        "S01": "5 working days",
        "S02": "2 working days",
        "S03": "3 working days",
        "S04": "30 working minutes",
        "S05": "1 working day",
        "S06": "1 working day",
        "S07": "3 working days",
        "S08": "booked session",
        "S09": "booked session",
        "S10": "5 working days",
        "S11": "1 working day",
        "S12": "same working day",
        "S13": "5 working days",
        "S14": "same working day",
        "S15": "20 working days",
        "S16": "5 working days",
        "S17": "10 working days",
        "S18": "2 working days",
        "S19": "2 working days",
    }.items(),
)
def test_the_figures_are_those_of_the_domain_data(default, service, limit):
    """The promised limits of the 19 kinds."""
    assert str(default[service].commitment_on(DAY).limit) == limit


def test_the_three_kinds_of_the_account_are_marked(default):
    """Pooling, networked withdrawal and e-bill rediscount are named in it; the others are assumptions."""
    assert {service.id for service in default if service.basis.mark == "article"} == {"S07", "S08", "S10"}
    assert {service.basis.mark for service in default} == {"article", "assumption"}


def test_two_kinds_are_bound_by_a_rule(default):
    """S16 and S19 have a limit by rule beside the promise, read in secondary texts."""
    bound = {service.id: service.statute_on(DAY) for service in default if service.statute}
    assert {id_: str(row.limit) for id_, row in bound.items()} == {"S16": "5 working days", "S19": "2 working days"}
    assert {row.basis.mark for row in bound.values()} == {"secondary"}


def test_the_licensing_law_is_for_licences_only(default):
    """Notice 5, extension 10, delivery 10 working days for class licence; other kinds tell the same working day."""
    for service in default:
        figures = [str(row.limit) for row in (*service.notice, *service.extension, *service.delivery)]
        if service.service_class == "licence":
            assert figures == ["5 working days", "10 working days", "10 working days"]
            assert {row.basis.mark for row in (*service.notice, *service.extension)} == {"verified"}
        else:
            assert figures == ["same working day"]


def test_clocks_follow_the_class(default):
    """Kinds done at once end when delivered, booked kinds start with their slot, the rest run to the decision."""
    for service in default:
        booked = service.service_class == "appointment"
        assert service.start == ("booked" if booked else "accepted")
        assert service.end == ("delivered" if service.service_class in ("immediate", "appointment") else "decided")
        assert service.supplement == "restart"
        assert service.calendar == ("cash" if booked else "window")
    assert {service.id for service in default if service.end == "delivered"} == {"S04", "S08", "S09", "S12", "S14"}


def test_appointments_stages_duties_and_gates_carry_over(default):
    """The figures beside the limit are there too."""
    assert {service.id for service in default if service.appointment} == {"S08", "S09", "S15", "S17"}
    booking = default["S08"].appointment
    assert (booking.grace_minutes, booking.cancel_until) == (30, time(9))
    assert str(booking.book_until) == "1 working day at 15:00 before"
    assert [str(stage.limit) for stage in default["S16"].stages] == ["5 working days", "10 working days"]
    assert str(default["S18"].duties[0].limit) == "10 working days before"
    assert (default["S15"].gate, default["S10"].gate) == ("restrict_new_admission", None)
    assert [edition.until for edition in default["S19"].editions] == [date(2019, 12, 31), None]
    assert not next(paper for paper in default["S03"].materials if paper.id == "S03-M4").required


def test_the_default_catalogue_has_no_flaw(default):
    """No promise of it is longer than the law."""
    assert default.flaws == ()


# --- looking up -------------------------------------------------------------------------------------------------------


def test_an_unknown_service_is_refused_with_the_nearest(default):
    """A slip of the pen is answered with what was probably meant."""
    assert "S10" in default
    assert "S20" not in default
    assert len(default) == 19
    with pytest.raises(UnknownName, match=r"unknown service 'S010' \(did you mean 'S\d+'\?\)"):
        default["S010"]


def test_a_catalogue_pickles(default):
    """Engines travel to other processes with their catalogue."""
    again = pickle.loads(pickle.dumps(default))
    assert again == default
    assert again.content_hash == default.content_hash
    assert again["S10"] == default["S10"]


def test_case_studies_can_be_attached(default):
    """A branch attaches its worked cases to a kind; the hash tells the catalogues apart."""
    study = attrs.evolve(default["S10"], case_studies=(CaseStudy("案例", "a case"),))
    other = attrs.evolve(default, services=tuple(study if row.id == "S10" else row for row in default))
    assert other["S10"].case_studies[0].en == "a case"
    assert other.content_hash != default.content_hash


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_catalogue_is_read_from_text_and_from_a_file(tmp_path):
    """Sources are named or written out; defaults hold unless a class or the service says otherwise."""
    path = tmp_path / "catalogue.toml"
    path.write_text("\ufeff" + SMALL, encoding="utf-8")
    made = Catalogue.from_toml(path)
    assert made == Catalogue.from_toml(SMALL) == Catalogue.from_toml(str(path))
    service = made["S1"]
    assert service.end == "delivered"
    assert str(service.handover[0].limit) == "30 working minutes"
    assert service.basis.issued == date(2018, 3, 1)
    assert made.classes[0].zh == "承诺件"
    assert made.hours[0].weekly == "mon-fri 08:30-11:30 13:30-17:00"


def test_layout_and_comments_do_not_change_the_hash():
    """The hash is of what the catalogue says: another figure changes it, a comment does not."""
    made = Catalogue.from_toml(SMALL)
    assert Catalogue.from_toml("# a comment\n" + SMALL).content_hash == made.content_hash
    assert Catalogue.from_toml(SMALL.replace("3个工作日", "3 working days")).content_hash == made.content_hash
    assert Catalogue.from_toml(SMALL.replace("3个工作日", "4 working days")).content_hash != made.content_hash
    assert Catalogue.from_toml(SMALL.replace('mark = "known"', 'mark = "verified"')).content_hash != made.content_hash


def test_every_problem_is_listed_at_once_with_its_path():
    """Wrong keys, limits, sources, marks and words are told together."""
    text = (
        SMALL.replace("3个工作日", "3日")
        .replace('zh = "甲"', 'zh = 5\nowner_rolle = "x"\nsupplement = "restrat"')
        .replace('mark = "known"', 'mark = "sure"')
        .replace('30 working minutes", basis = "promise"', '30 minuts", basis = "promize"')
        .replace('version = "1"', "version = 1")
    )
    with pytest.raises(InvalidDocument) as caught:
        Catalogue.from_toml(text)
    problems = dict(caught.value.problems)
    assert set(problems) == {
        "version",
        "defaults.handover[0].limit",
        "defaults.handover[0].basis",
        "services[0]",
        "services[0].basis.mark",
        "services[0].zh",
        "services[0].supplement",
        "services[0].commitment[0].limit",
    }
    assert problems["services[0]"] == "unknown key 'owner_rolle' (did you mean 'owner_role'?)"
    assert problems["services[0].supplement"].startswith(
        "must be one of 'restart', 'pause', 'none' (did you mean 'restart'?)"
    )
    assert problems["defaults.handover[0].basis"] == "unknown basis 'promize' (did you mean 'promise'?)"
    assert problems["version"] == "must be a text, got 1 (int)"


def test_a_wrong_source_is_reported_once_where_it_stands():
    """Services that name it are not blamed."""
    with pytest.raises(InvalidDocument) as caught:
        Catalogue.from_toml(SMALL.replace('text = "promise", mark', 'txt = "promise", mark'))
    assert [path for path, _ in caught.value.problems] == ["basis['promise'].text", "basis['promise']"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('service_class = "commitment"', 'service_class = "comitment"', r"did you mean 'commitment'"),
        ('service_class = "commitment"', 'service_class = "commitment"\ncalendar = "windw"', r"did you mean 'window'"),
        ("mon-fri 08:30", "mon-fry 08:30", "weekly"),
        ("schema_version = 1", "schema_version = 2", "schema_version"),
        ("schema_version = 1", "schema_version = true", "schema_version"),
        ("since = 2018-01-01, limit", "since = 2018-01-01T00:00:00, limit", "since: must be a date"),
        ("[[services]]", "[[services]]\nduties = [5]", "fields of Duty"),
        ('en = "one"', "", r"services\[0\].en: is missing"),
        ('limit = "3个工作日"', "limit = 3", "must be a limit as text"),
        ("[basis]", '[basis]\nhearsay = "hearsay"', r"basis\['hearsay'\]: must be a table"),
        ("[defaults]", "[default]", "did you mean 'defaults'"),
        ("[[services]]", "[services]", "services: must be a list"),
        ("[[services]]", "[[services", "cannot be read as TOML"),
    ],
)
def test_a_wrong_catalogue_is_refused_with_the_place(old, new, said):
    """What does not fit is told with its path and the nearest known word."""
    assert old in SMALL
    with pytest.raises(InvalidDocument, match=said):
        Catalogue.from_toml(SMALL.replace(old, new))


def test_rows_that_are_no_tables_are_refused():
    """A list of numbers is no list of services, a number no table of defaults."""
    text = 'schema_version = 1\nid = "x"\nversion = "1"\nservices = [5]\ndefaults = 5\nclasses = 5\nbasis = 5\n'
    with pytest.raises(InvalidDocument) as caught:
        Catalogue.from_toml(text)
    assert {path for path, _ in caught.value.problems} == {"services[0]", "defaults", "classes", "basis"}


def test_ids_that_stand_twice_are_told_together():
    """Two services of one id, and a paper in two services."""
    paper = 'materials = [{ id = "M", zh = "书", en = "paper" }]\n'
    service = SMALL[SMALL.index("[[services]]") :] + paper
    text = SMALL + paper + service + service.replace('"S1"', '"S2"')
    with pytest.raises(InvalidDocument) as caught:
        Catalogue.from_toml(text)
    assert [path for path, _ in caught.value.problems] == [
        "services[1].id",
        "services[1].materials",
        "services[2].materials",
    ]


def test_a_file_of_another_encoding_is_refused_with_the_byte(tmp_path):
    """GBK files are common; TOML is UTF-8."""
    path = tmp_path / "catalogue.toml"
    path.write_bytes(SMALL.encode("gbk"))
    with pytest.raises(InvalidDocument, match="not UTF-8 at byte"):
        Catalogue.from_toml(path)
    with pytest.raises(OSError, match=r"absent\.toml"):
        Catalogue.from_toml(tmp_path / "absent.toml")


# --- promise and law --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "other", "longer"),
    [
        ("3 working days", "2 working days", True),
        ("2 working days", "2 working days", False),
        ("2 working days", "3 working days", False),
        ("1 working day", "same working day", True),
        ("same working day", "1 working day", False),
        ("same working day", "same working day at 12:00", True),
        ("2 working days", "2 working days at 12:00", True),
        ("2 working days at 12:00", "2 working days", False),
        ("2 working days at 12:00", "2 working days at 11:00", True),
        ("2 working days at 11:00", "2 working days at 12:00", False),
        ("2 working days", "2 working days at the same time", True),
        ("2 working days at the same time", "2 working days at 12:00", False),
        ("15 days", "15 days without roll", True),
        ("15 days without roll", "15 days", False),
        ("90 working minutes", "1 working hour", True),
        ("100 days", "2 working days", False),
        ("2 working days before", "1 working day before", False),
        ("3 working days or 16:20 at the latest", "1 working day or 16:20 at the latest", False),
        ("booked session", "booked session", False),
    ],
)
def test_only_limits_of_one_kind_are_compared(limit, other, longer):
    """Units never convert: what cannot surely be said to be longer is not."""
    assert is_longer(Limit.parse(limit), Limit.parse(other)) is longer


def test_a_promise_longer_than_the_law_is_a_flaw_with_its_day():
    """It is listed for each day of change on which it is so; the catalogue can still be used."""
    statute = (
        'statute = [{ since = 2018-06-01, limit = "2 working days", basis = "promise" }, '
        '{ since = 2019-01-01, limit = "20 working days", basis = "promise" }]\n'
    )
    (flaw,) = Catalogue.from_toml(SMALL + statute).flaws
    assert (flaw.service, flaw.flaw, flaw.since) == ("S1", "commitment_longer_than_statute", date(2018, 6, 1))
    assert (
        str(flaw) == "S1: from 2018-06-01 the commitment (3 working days) is longer than the statute (2 working days)"
    )
