"""Row T2, training effect: by volume, of the kind taught, net of peers; and who stays on the weekly list."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
from tests.rules.ledgers import Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases, engine

import windowservice as ws
from windowservice.domain.records import Record
from windowservice.errors import UnknownName
from windowservice.escalation.weekly import WeeklyList

ERRORS = "id,bank,kind,booked_at,items,fault_party"
NEEDS = "id,kind,bank,error_kinds,arisen_at,held_at"
MESSAGES = "id,bank,kind,received_at,excluded"
ITEMS = "id,bank,kind,session,session_at,items"
TRAINED = "N1,many_errors,B1,seal_or_cipher,2018-03-05 10:00,2018-03-15 10:00"
Numbers = tuple[int, int]
HAD, LIKE = "training/training_had_effect", "training/errors_fell_like_peers"


def errors(kind: str = "seal_or_cipher", **numbers: Numbers) -> str:
    """Return each bank's errors: so many before the training of 15 March, so many after."""
    rows = []
    for bank, (before, after) in numbers.items():
        rows.append(f"E{bank}1{kind},{bank},{kind},2018-02-12 10:00,{before},institution")
        rows.append(f"E{bank}2{kind},{bank},{kind},2018-04-12 10:00,{after},institution")
    return "\n".join(rows)


def pieces(**numbers: Numbers) -> str:
    """Return each bank's exchange items: so many before the training, so many after; the table begins in January."""
    rows = ["X0,B9,presented,noon,2018-01-08 11:00,1"]
    for bank, (before, after) in numbers.items():
        rows.append(f"X{bank}1,{bank},presented,noon,2018-02-12 11:00,{before}")
        rows.append(f"X{bank}2,{bank},presented,noon,2018-04-12 11:00,{after}")
    return "\n".join(rows)


def case(what: str, made: str, volume: str, verdict: str, number: object = None, said: str = "",
         needs: str = TRAINED) -> Case:  # fmt: skip
    """Return a case of one training with the errors and the volumes of the banks."""
    rows = {"training_needs": needs, "accounting_errors": made}
    return Case(what, {**rows, "exchange_items": volume} if volume else rows, verdict, number, said)


def counted(without: date | None = None) -> str:
    """Return two vouchers of B1 for every day of the windows, but for one."""
    days = (date.fromordinal(date(2018, 1, 14).toordinal() + number) for number in range(121))
    rows = (f"V{day},B1,{day} 17:00,2" for day in days if day != without)
    return "\n".join(["id,bank,counted_at,vouchers", *rows])


SAME = pieces(B1=(1000, 1000), B2=(1000, 1000), B3=(1000, 1000))
HEADERS = {"training_needs": NEEDS, "accounting_errors": ERRORS, "exchange_items": ITEMS}
TABLE = {
    HAD: Group(headers=HEADERS, key="N1 / effect", cases=[
        case("errors fell by three tenths more than those of a peer with as many",
             errors(B1=(10, 7), B2=(10, 10)), SAME, "pass"),
        case("one error more", errors(B1=(10, 8), B2=(10, 10)), SAME, "fail", 1,
             "8 errors per 1,000 items, wanted <= 7"),
        case("errors were halved, but so were those of peers that were not trained",
             errors(B1=(10, 5), B2=(12, 6), B3=(10, 5)), SAME, "fail", Fraction(3, 2)),
        case("a bank with fewer errors is no peer",
             errors(B1=(10, 5), B2=(10, 10), B3=(2, 0)), SAME, "pass"),
        case("twice the business with as many errors is half the rate",
             errors(B1=(10, 10), B2=(10, 10)), pieces(B1=(1000, 2000), B2=(1000, 1000)), "pass"),
        case("half the errors with half the business is no fall",
             errors(B1=(10, 5), B2=(10, 10)), pieces(B1=(1000, 500), B2=(1000, 1000)), "fail", 3,
             "10 errors per 1,000 items, wanted <= 7"),
        case("a bank with as many errors and ten times the business is no peer",
             errors(B1=(10, 7), B2=(10, 10), B3=(10, 0)), pieces(B1=(100, 100), B2=(100, 100), B3=(1000, 1000)),
             "pass"),
        case("there is no peer to compare with", errors(B1=(10, 5), B2=(3, 3)), SAME, "unknown", None,
             "training_effect.peers_before"),
        case("the only peer was trained on the same errors", errors(B1=(10, 5), B2=(10, 10)), SAME, "unknown",
             needs=f"{TRAINED}\nN2,many_errors,B2,all,2018-03-05 10:00,2018-03-20 10:00"),
        case("too few errors say nothing", errors(B1=(4, 0), B2=(10, 10)), SAME, "unknown", None,
             "training_effect.compared"),
        case("peers with too few errors say nothing", errors(B1=(5, 0), B2=(4, 4)),
             pieces(B1=(1000, 1000), B2=(100, 100)), "unknown", None, "training_effect.peers_before"),
        case("no table says how much business there was", errors(B1=(10, 5), B2=(10, 10)), "", "unknown", None,
             "training_effect.items_after"),
        case("the bank did no business after", errors(B1=(10, 0), B2=(10, 10)),
             "\n".join(line for line in SAME.splitlines() if not line.startswith("XB12,")),
             "unknown", None, "training_effect.items_after"),
        case("the table of the business begins after the days compared", errors(B1=(10, 5), B2=(10, 10)),
             "\n".join(SAME.splitlines()[1:]), "unknown"),
        case("what was taught is not written", errors(B1=(10, 5), B2=(10, 10)), SAME, "unknown",
             needs=TRAINED.replace("seal_or_cipher", "")),
    ]),
    LIKE: Group(headers=HEADERS, key="N1 / effect", cases=[
        case("errors fell like those of a peer", errors(B1=(10, 8), B2=(10, 8)), SAME, "pass"),
        case("errors fell by two less", errors(B1=(10, 10), B2=(10, 8)), SAME, "fail", 2,
             "10 errors per 1,000 items, wanted <= 8"),
        case("only errors of the kind taught count",
             errors(B1=(10, 8), B2=(10, 8)) + "\n" + errors("amount", B1=(1, 50)), SAME, "pass"),
        case("every kind was taught, and all count",
             errors(B1=(10, 8), B2=(10, 8)) + "\n" + errors("amount", B1=(0, 5)), SAME, "fail", 5,
             needs=TRAINED.replace("seal_or_cipher", "all")),
        case("errors that are not the bank's fault do not count",
             errors(B1=(10, 8), B2=(10, 8)) + "\nE9,B1,seal_or_cipher,2018-04-12 10:00,30,telecom", SAME, "pass"),
        case("a peer that was trained on other errors is a peer", errors(B1=(10, 10), B2=(10, 8)), SAME, "fail", 2,
             needs=f"{TRAINED}\nN2,many_errors,B2,amount,2018-03-05 10:00,2018-03-20 10:00"),
        case("no peer", errors(B1=(10, 0)), SAME, "unknown", None, "training_effect.peers_before"),
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_t2_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_t2_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(TABLE)


@pytest.mark.parametrize("rule", TABLE)
def test_row_t2_the_command_says_the_same(rule: str, tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited({rule: TABLE[rule]}, tmp_path)


def test_row_t2_the_days_after_are_over_before_they_are_compared(tmp_path: Path) -> None:
    """An effect is judged sixty days after the training, and not before."""
    ledger = ws.Ledger.read(TABLE[HAD].write(TABLE[HAD].cases[0], tmp_path / "l"))
    judged = [any(f.rule == HAD for f in engine().audit(ledger, as_of=day)) for day in ("2018-05-13", "2018-05-14")]
    assert judged == [False, True]


def test_row_t2_the_sixtieth_day_counts_and_the_day_of_the_training_does_not(tmp_path: Path) -> None:
    """Errors on the first and last of the days count; those on the day of the training and one day outside do not."""
    dated = [("2018-01-13", 100), ("2018-01-14", 3), ("2018-03-14", 4), ("2018-03-15", 100), ("2018-03-16", 2),
             ("2018-05-14", 1), ("2018-05-15", 100)]  # fmt: skip
    made = "\n".join(f"E{n},B1,seal_or_cipher,{day} 10:00,{items},institution" for n, (day, items) in enumerate(dated))
    effect = _effect(tmp_path, made, {"exchange_items": f"{ITEMS}\n{SAME}"})
    assert (effect["before"], effect["after"], effect["measured_on"]) == (7, 3, date(2018, 5, 14))


@pytest.mark.parametrize(
    ("tables", "volume"),
    [
        ({"voucher_counts": counted()}, 120),
        ({"voucher_counts": counted(without=date(2018, 1, 15))}, None),
        ({"voucher_counts": counted(without=date(2018, 1, 20))}, 118),
        ({"messages": f"{MESSAGES}\nM0,B9,inquiry,2018-01-08 10:00,\nM1,B1,inquiry,2018-02-12 10:00,\n"
                      "M2,B1,inquiry,2018-02-12 10:00,duplicate"}, 1),
        ({"requests": "id,bank,service\nR0,B9,S01\nR1,B1,S01",
          "events": "request,at,kind,by\nR0,2018-01-08 10:00,submitted,wang\nR1,2018-02-12 10:00,submitted,wang",
          "messages": f"{MESSAGES}\nM1,B1,inquiry,2018-01-08 10:00,"}, 1),
    ],
    ids=[
        "a count for every day", "a workday without one", "a Saturday without one", "messages that count",
        "requests before messages",
    ],
)  # fmt: skip
def test_row_t2_volume_is_counted_from_a_table_that_the_ledger_keeps(
    tables: dict[str, str], volume: int | None, tmp_path: Path
) -> None:
    """Counts of vouchers come first and must tell of every workday; then requests, exchange items, messages."""
    effect = _effect(tmp_path, errors(B1=(10, 5)), tables)
    assert (effect["volume_from"], effect["items_before"]) == (next(iter(tables)), volume)


def _effect(folder: Path, made: str, tables: dict[str, str]) -> Record:
    rows = {"training_needs": TRAINED, "accounting_errors": made}
    group = attrs.evolve(TABLE[HAD], beside=tables)
    ledger = ws.Ledger.read(group.write(Case("", rows, ""), folder / "l"))
    assert ledger.report.rejected == 0
    return engine().audit(ledger, as_of="2018-06-29").finding("N1 / effect", HAD).record


# --- the weekly list

AGAIN = "N2,no_effect,B1,seal_or_cipher,2018-05-16 10:00,2018-05-22 10:00"
KEY = {"banks": "id,joined,key_since,key_until\nB1,2009-01-05,,\nB7,2009-01-05,2018-02-05,2018-06-15"}


def _list(folder: Path, made: str, as_of: str, needs: str = TRAINED) -> WeeklyList:
    rows = {"training_needs": needs, "accounting_errors": made, "exchange_items": SAME + "\n" + LATER}
    ledger = ws.Ledger.read(attrs.evolve(TABLE[LIKE], beside=KEY).write(Case("", rows, ""), folder))
    assert ledger.report.rejected == 0
    return ws.escalation.weekly_list(engine().audit(ledger, as_of=as_of), ledger)


LATER = "\n".join(f"Y{bank},{bank},presented,noon,2018-06-12 11:00,1000" for bank in ("B1", "B2", "B3"))


@pytest.mark.parametrize(
    ("what", "made", "as_of", "state", "until"),
    [
        ("not trained yet", errors(B1=(10, 8), B2=(10, 8)), "2018-03-14", "to_train", None),
        ("the days after are not over", errors(B1=(10, 8), B2=(10, 8)), "2018-05-13", "being_measured", None),
        ("errors fell like those of peers", errors(B1=(10, 8), B2=(10, 8)), "2018-05-14", "fell", date(2018, 5, 14)),
        ("errors fell less", errors(B1=(10, 9), B2=(10, 8)), "2018-05-14", "fell_less", None),
        ("nobody can tell", errors(B1=(10, 0)), "2018-05-14", "not_told", None),
    ],
)  # fmt: skip
def test_row_t2_a_bank_stays_on_the_weekly_list_until_its_errors_fell_like_its_peers(
    what: str, made: str, as_of: str, state: str, until: date | None, tmp_path: Path
) -> None:
    """It comes on it with its need, and leaves it on the last of the days after the training."""
    (entry,) = (entry for entry in _list(tmp_path / "l", made, as_of).entries if entry.bank == "B1")
    assert (entry.need, entry.since, entry.until, entry.state) == ("N1", date(2018, 3, 5), until, state), what
    assert (entry.finding is None) == (state in ("to_train", "being_measured"))
    assert (
        entry.why
        == {
            "fell_less": "its errors fell less than those of its peers: 9 errors per 1,000 items, wanted <= 8",
            "not_told": "it cannot be told whether its errors fell like those of its peers: peers_before, peers_after, "
            "peers_items_before, peers_items_after missing",
            "fell": "its errors fell no less than those of its peers",
            "to_train": "its training is not held yet",
            "being_measured": "the days after its training are not over yet",
        }[state]
    )


def test_row_t2_the_weekly_list_of_a_past_week_is_kept(tmp_path: Path) -> None:
    """Who was on it in a week can be asked for later; a key institution is on it while it is one."""
    found = _list(tmp_path / "l", errors(B1=(10, 8), B2=(10, 8)), "2018-06-29")
    weeks = ("2018-01-31", "2018-02-05", "2018-03-05", "2018-05-14", "2018-05-21", "2018-06-18")
    assert [found.banks(date.fromisoformat(day)) for day in weeks] == [
        (), ("B7",), ("B1", "B7"), ("B1", "B7"), ("B7",), (),
    ]  # fmt: skip


def test_row_t2_a_training_without_effect_is_answered_by_a_later_one(tmp_path: Path) -> None:
    """A bank whose errors fell less stays on the list for both needs, until a later training on the kind had effect."""
    made = errors(B1=(10, 9), B2=(10, 8)) + "\n" + "\n".join(
        f"F{bank}{month},{bank},seal_or_cipher,2018-{month}-12 10:00,{items},institution"
        for bank, month, items in (("B1", "06", 3), ("B2", "06", 8), ("B3", "04", 20), ("B3", "06", 20)))  # fmt: skip
    before = _list(tmp_path / "a", made, "2018-06-29", f"{TRAINED}\n{AGAIN}")
    assert [(entry.need, entry.state) for entry in before.in_week() if entry.bank == "B1"] == [
        ("N1", "fell_less"), ("N2", "being_measured"),
    ]  # fmt: skip
    after = _list(tmp_path / "b", made, "2018-08-31", f"{TRAINED}\n{AGAIN}")
    assert [(entry.need, entry.until) for entry in after.entries if entry.bank == "B1"] == [
        ("N1", date(2018, 7, 21)), ("N2", date(2018, 7, 21)),
    ]  # fmt: skip
    assert "B1 since 2018-03-05 until 2018-07-21 for N1" in str(after.entries[0])


def test_row_t2_the_weekly_list_wants_its_rule(tmp_path: Path) -> None:
    """An engine without the rule cannot say who leaves the list, and says so."""
    bare = ws.Engine.load(packs=[pack for pack in engine().packs if pack.name != "training"], installed=False)
    ledger = ws.Ledger.read(TABLE[HAD].write(TABLE[HAD].cases[0], tmp_path / "l"))
    with pytest.raises(UnknownName, match="errors_fell_like_peers"):
        ws.escalation.weekly_list(bare.audit(ledger, as_of="2018-06-29"), ledger)
