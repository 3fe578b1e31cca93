"""What no pack can be is refused with its place, all at once and in bounded time."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Final

import pytest

import windowservice as ws

HEAD: Final = 'schema_version = 1\nname = "desk"\nversion = "1"\n[basis]\nours = { text = "Ours" }\n'
TICKET: Final = (
    HEAD
    + '[records.ticket]\ntitle = "A ticket."\ntable = "tickets"\n'
    + '[records.ticket.facts]\nid = { type = "key", title = "Number" }\n'
)


def problems(text: str) -> dict[str, str]:
    """Return what is wrong with a pack, by path."""
    with pytest.raises(ws.WindowserviceError) as caught:
        ws.DataPack.read(text)
    return dict(caught.value.problems)  # type: ignore[attr-defined]


def fact(name: str, formula: str) -> str:
    """Return a derived fact of a ticket."""
    return f'{name} = {{ formula = "{formula}", title = "One" }}\n'


NAMES: Final = (
    "given",
    "children",
    "root",
    "parents",
    "options",
    "__class__",
    "__init__",
    "_hidden",
    "class",
    "工单 号",
    "ﬁne",
    "1st",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_no_fact_or_record_can_have(name: str) -> None:
    """A fact is not called like what a record type itself is asked for, nor like what Python reads otherwise."""
    found = problems(TICKET + f'"{name}" = {{ type = "integer", title = "One" }}\n')
    assert list(found) == [f"records.ticket.facts.{name}"]
    assert "choose another" in found[f"records.ticket.facts.{name}"] or "write letters" in next(iter(found.values()))


@pytest.mark.parametrize("name", ["figure", "as_of", "__main__", "None", "a-b"])
def test_a_name_that_no_record_type_can_have(name: str) -> None:
    """A record type is not called like a word of the grammar."""
    found = problems(
        HEAD + f'[records."{name}"]\ntitle = "One."\ntable = "ones"\nfacts.id = {{ type = "key", title = "Number" }}\n'
    )
    assert list(found) == [f"records.{name}"]


def test_names_of_pythons_own_attributes_are_facts_like_others() -> None:
    """`mro` or `copy` is a fact if somebody wants it; nothing of Python's shows through in a formula."""
    desk = ws.DataPack.read(TICKET + 'mro = { type = "integer", title = "One" }\n' + fact("copy", "ticket.mro + 1"))
    assert str(desk.record_types["ticket"].given["copy"].definition) == "ticket.mro + 1"
    for text in (
        "ticket.__class__",
        "ticket.given",
        "ticket.id.__class__",
        "__import__('os')",
        "(lambda: 1)()",
        "figure.__doc__",
    ):
        found = problems(TICKET + fact("bad", text))
        assert list(found) == ["records.ticket.facts.bad.formula"]


def test_circles() -> None:
    """Facts that rest on themselves are told as a circle, and what rests on them is not told too."""
    found = problems(
        TICKET + fact("a", "ticket.b + 1") + fact("b", "ticket.c + 1") + fact("c", "ticket.a + 1")
        + fact("d", "ticket.d") + fact("e", "ticket.a + ticket.d")
        + 'x = { type = "instant", title = "X", after = "y" }\n'
        'y = { type = "instant", title = "Y", after = "x" }\n'
        '[[rules]]\nname = "r"\ntitle = { en = "R" }\nrequire = "ticket.e > 1"\nbasis = "ours"\n'
    )  # fmt: skip
    assert sorted(found) == ["records.ticket.facts.a", "records.ticket.facts.d", "records.ticket.facts.x"]
    assert "a -> b -> c -> a" in found["records.ticket.facts.a"]
    found = problems(
        TICKET.replace('table = "tickets"', 'table = "tickets"\nchildren = "status"') + '[records.status]\n'
        'title = "A status."\ntable = "statuses"\n[records.status.facts]\nat = { type = "instant", title = "When" }\n'
        'late = { formula = "ticket.id == \'1\'", title = "Late" }\n'
    )  # fmt: skip
    assert list(found) == ["records.status"]
    assert "a record speaks of its children" in found["records.status"]


def test_a_name_used_twice() -> None:
    """One name is one thing: in a file, in a folder, for a fact and a clock, for two rules."""
    found = problems(TICKET + '[records.ticket.clocks.id]\nstart = "ticket.id"\nlimit = "1 hour"\ndone = "ticket.id"\n')
    assert found == {"records.ticket.clocks.id": "a fact has the name already; rename one"}
    rule = '[[rules]]\nname = "r"\ntitle = { en = "R" }\nrequire = "ticket.id.is_known()"\nbasis = "ours"\n'
    assert problems(TICKET + rule + rule) == {"rules.r": "a rule has the name already; rename one"}
    with pytest.raises(ws.WindowserviceError, match="twice"):
        ws.DataPack.read(TICKET + 'id = { type = "key", title = "Number" }\n')
    value = '{ since = 2026-01-01, value = 1, basis = "ours" }'
    found = problems(HEAD + f'[figures.f]\ntype = "integer"\nnote = "F"\nvalues = [{value}, {value}]\n')
    assert "two values from 2026-01-01" in found["figures.f"]


def test_a_name_of_the_library() -> None:
    """A record type that the library has already cannot be had twice; the nearest names are told among all."""
    text = HEAD + '[records.message]\ntitle = "M."\ntable = "mine"\nfacts.id = { type = "key", title = "Number" }\n'
    with pytest.raises(ws.WindowserviceError, match=r"records\.message: the name 'message' is taken"):
        ws.Engine.load(packs=[ws.DataPack.read(text, ws.Engine.load(installed=False).record_types)])
    rule = '[[rules]]\nname = "r"\ntitle = { en = "R" }\nrequire = "mesage.empty"\nbasis = "ours"\n'
    with pytest.raises(ws.WindowserviceError, match="did you mean 'message'"):
        ws.DataPack.read(HEAD + rule, ws.Engine.load(installed=False).record_types)


HOSTILE: Final = {
    "deep tables": HEAD + "[" + ".".join(["records"] * 90) + "]\na = 1\n",
    "deep brackets": TICKET + fact("a", "(" * 400 + "1" + ")" * 400),
    "a long text": TICKET + fact("a", "1" + "+1" * 20_000),
    "a huge number": TICKET + fact("a", "9" * 5_000),
    "a huge power": TICKET + fact("a", "9**9**9"),
    "a huge integer": HEAD + f"x = {'9' * 400}\n",
    "a huge count": TICKET
    + '[records.ticket.clocks.c]\nstart = "ticket.id"\ndone = "ticket.id"\nlimit = "99999999999 hours"\n',
    "many facts": TICKET + "".join(fact(f"f{number}", "1 == 2") for number in range(5_000)),
    "facts in a row": TICKET
    + "".join(fact(f"f{number}", f"ticket.f{number - 1} + 1" if number else "1") for number in range(400)),
    "facts that double": TICKET
    + 'f0 = { type = "integer", title = "One" }\n'
    + "".join(fact(f"f{number}", f"ticket.f{number - 1} + ticket.f{number - 1}") for number in range(1, 300)),
    "many slips": TICKET + "".join(fact(f"f{number}", f"ticket.g{number}") for number in range(500)),
    "many circles": TICKET + "".join(fact(f"f{number}", f"ticket.f{number ^ 1}") for number in range(500)),
    "many records": HEAD + "".join(f'[records.r{number}]\ntitle = "R."\n' for number in range(3_000)),
    "records in a circle": HEAD
    + "".join(f'[records.r{number}]\ntitle = "R."\nchildren = "r{(number + 1) % 150}"\n' for number in range(150)),
    "many files of rules": TICKET
    + "".join(
        f'[[rules]]\nname = "r{number}"\ntitle = {{ en = "R" }}\nrequire = "ticket.x{number}"\nbasis = "ours"\n'
        for number in range(1_900)
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile(case: str) -> None:
    """Each is refused with a place and within the time of a few thousand honest lines."""
    start = process_time()
    found = problems(HOSTILE[case])
    assert process_time() - start < 20
    assert found
    assert sum(map(len, found.values())) < 300_000


def test_a_chain_that_is_allowed_runs() -> None:
    """Facts may rest on one another in a row, and add up; such a pack is loaded and judges."""
    chain = 'f0 = { type = "integer", title = "One" }\n' + "".join(
        fact(f"f{number}", f"ticket.f{number - 1} + ticket.f{number - 1}") for number in range(1, 39)
    )
    rule = '[[rules]]\nname = "r"\ntitle = { en = "R" }\nrequire = "ticket.f38 >= 0"\nbasis = "ours"\n'
    engine = ws.Engine.load(packs=[ws.DataPack.read(TICKET + chain + rule)], installed=False)
    assert engine.check({"id": "1", "f0": 1}, as_of="2026-01-01T00:00Z").passed


def test_packs_are_a_list() -> None:
    """A path alone would be read letter by letter."""
    with pytest.raises(ws.WindowserviceError, match=r"packs=\['desk.toml'\]"):
        ws.Engine.load(packs="desk.toml")  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError):
        ws.Engine.load(packs=["nowhere.toml"])
    with pytest.raises(ws.WindowserviceError, match="the path of one in TOML"):
        ws.Engine.load(packs=[3])  # type: ignore[list-item]
    with pytest.raises(ws.WindowserviceError, match=r"Engine\.load\(packs=\[\.\.\.\]\), got <DataPack desk 1>"):
        ws.Engine.load(installed=False).with_pack(ws.DataPack.read(TICKET))  # type: ignore[arg-type]


T: Final = '[records.t]\ntitle = "T."\ntable = "ts"\n[records.t.facts]\n'
ID: Final = 'id = { type = "key", title = "A" }\n'
OURS: Final = 'basis = "ours"\n'
PLACES: Final = {
    "no key": (T + 'a = { type = "integer", title = "A" }\n', "records.t", "no key"),
    "a table of requests": ((T + ID).replace('"ts"', '"events"'), "records.t", "requests"),
    "one table twice": (T + ID + (T + ID).replace("records.t", "records.u"), "records.u", "which is that of t"),
    "a kind of the library": ('[events.submitted]\nsentence = "It came in"\n', "events.submitted", "library's"),
    "a kind after none": ('[events.sealed]\nsentence = "Sealed"\nafter = ["decidde"]\n', "events.sealed", "'decided'"),
    "a calendar": ('[calendars.x]\nbase = "chna"\n', "calendars.x.base", "did you mean 'china'"),
    "a figure": (
        '[figures.f]\ntype = "limit"\nnote = "F"\n'
        'values = [{ since = 2019-01-02, value = "3 workin days", basis = "ours" }]\n',
        "figures.f", "did you mean '3 working days'",
    ),
    "an amendment": ('[[amendments]]\nadjust = "a"\nwithdraw = "b/c"\n' + OURS, "amendments[0]", "keep one of adjust"),
    "an action": (
        T + ID + '[[ladder]]\nid = "X"\ntitle = { en = "X" }\nwhen = "t.id.is_known()"\naction = "urg"\n' + OURS,
        "ladder[0]", "did you mean 'urge'",
    ),
    "an indicator": (
        '[[indicators]]\nindicator = "X"\nof = "t"\non = "t.at"\nnumerator_is = "kept"\n' + OURS,
        "indicators[0]", "unknown vocabulary 't'",
    ),
    "two ways to have records": (T + ID + '[[records.t.parts]]\nof = "t"\nvalues = {}\n', "records.t", "needs itself"),
    "a clock": (
        T + ID + 'at = { type = "instant", title = "At" }\n[records.t.clocks.c]\nstart = "t.att"\n'
        'limit = "4 workin hours"\ndone = "t.at"\nwarn_at = 7\n',
        "records.t.clocks.c.limit", "did you mean '4 working hours'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PLACES)
def test_each_table_tells_its_place(case: str) -> None:
    """Whatever is wrong is told with table and name, and what to write instead."""
    text, path, said = PLACES[case]
    found = problems(HEAD + text)
    assert said in found[path], found


def test_a_folder_tells_the_file(tmp_path: Path) -> None:
    """Of several files the one is named in which a problem stands; one name in two of them is refused."""
    folder = tmp_path
    (folder / "a.toml").write_text(TICKET, "utf-8")
    (folder / "b.toml").write_text('schema_version = 1\n[basis]\nours = { text = "Again" }\n', "utf-8")
    with pytest.raises(ws.WindowserviceError, match=r"b\.toml: basis\.ours: stands in a\.toml already"):
        ws.DataPack.read(str(folder))
    rule = '[[rules]]\nname = "r"\ntitle = { en = "R" }\nrequire = "ticket.idd == \'a\'"\nbasis = "ours"\n'
    (folder / "b.toml").write_text("schema_version = 1\n" + rule, "utf-8")
    with pytest.raises(ws.WindowserviceError, match=r"b\.toml: rules\.r\.require: .*did you mean 'id'"):
        ws.DataPack.read(str(folder))


def test_read_pack_tells_who_reads_the_rest() -> None:
    """`read_pack` gives rules and figures; a file with more is for an engine as a whole."""
    with pytest.raises(ws.WindowserviceError, match=r"records: goes with .* Engine\.load\(packs=\[path\]\)"):
        ws.read_pack(TICKET, [])


def test_rows_of_the_ladder_and_indicators_that_stand_twice() -> None:
    """With their path, before the engine meets them."""
    rows = """
[[ladder]]
id = "A"
title = { en = "A", zh = "A" }
when = "ticket.id.is_known()"
action = "circular"
basis = "ours"
"""
    found = problems(TICKET + rows + rows)
    assert "stands twice" in found["ladder[1]"]


@pytest.mark.parametrize("key", ["sorted = true", "look_back = 3"])
def test_keys_that_say_nothing_are_unknown(key: str) -> None:
    """What nobody reads is not taken."""
    text = TICKET.replace('table = "tickets"\n', f'table = "tickets"\n{key}\n')
    assert "unknown key" in str(problems(text))


def test_one_pack_is_one_class_however_its_formulas_are_written() -> None:
    """Also where a record type of the library is named with blanks around it."""
    rule = '[[rules]]\nname = "r"\ntitle = { en = "R" }\nrequire = "count( event ) > 0"\nbasis = "ours"\n'
    known = ws.Engine.load(installed=False).record_types
    one, other = ws.DataPack.read(TICKET + rule, known), ws.DataPack.read(TICKET + rule, known)
    assert one.record_types["ticket"] is other.record_types["ticket"]


@pytest.mark.parametrize(
    ("title", "said"), [('"Answered"', None), ("{}", "no title"), ("3", "title"), ("[1]", "title")]
)
def test_a_title_is_a_text_or_texts_by_language(title: str, said: str | None) -> None:
    """A plain text will do, as in Python; what is neither is told with its place."""
    text = f"""
schema_version = 1
name = "desk"
version = "1"
basis.house = {{ text = "House rule" }}
[records.ticket]
title = "A ticket."
table = "tickets"
facts.id = {{ type = "key", title = "Number" }}
facts.replies = {{ type = "integer", title = "Replies" }}
[[rules]]
name = "answered"
title = {title}
require = "ticket.replies > 0"
basis = "house"
"""
    if said is None:
        (pack,) = ws.Engine.load(packs=[ws.DataPack.read(text)], installed=False).packs
        assert dict(pack.rules[0].title) == {"en": "Answered"}
        return
    with pytest.raises(ws.WindowserviceError, match=said) as caught:
        ws.Engine.load(packs=[ws.DataPack.read(text)], installed=False)
    assert "object has no attribute" not in str(caught.value)
