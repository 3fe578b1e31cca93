"""Documents as text programs save them and as attackers write them: every reader of TOML has the same one door."""

from __future__ import annotations

import os
import time
from importlib import resources
from pathlib import Path

import pytest

from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.domain.duties.duties import Duties
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidDocument, WindowserviceError
from windowservice.facts.requests.request import request
from windowservice.files import load_toml, no_file
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.mapping.reading import read_mapping
from windowservice.rules.escalation.ladder import Ladder
from windowservice.rules.indicators import Indicator
from windowservice.rules.pack_file import read_pack
from windowservice.worktime.calendar import WorkCalendar


def _shipped(package: str, name: str) -> str:
    return resources.files(f"windowservice.{package}").joinpath(name).read_text("utf-8")


def _settings(path: Path) -> object:
    (path.parent / "requests.csv").write_text("id,bank,service\nR1,B,S10\n")
    path.rename(path.parent / "ledger.toml")
    return Ledger.read(path.parent)


PACK = 'schema_version = 1\nname = "mine"\nversion = "1"\ntitle = { en = "t", zh = "须注明" }\n'
MAPPING = '# 映射\n[[table]]\n[table.request]\nid = "编号"\nbank = "b"\nservice = "s"\n'
CALENDAR = 'timezone = "Asia/Shanghai"\nweekly = "mon-fri 09:00-17:00"\nname = "中心营业时间"\n'
READERS = {
    "catalogue": (Catalogue.from_toml, _shipped("domain.catalogue", "catalogue.toml")),
    "duties": (Duties.from_toml, _shipped("domain.duties", "duties.toml")),
    "scorecard": (Scorecard.read, _shipped("domain.scorecard", "scorecard.toml")),
    "indicators": (Indicator.read, _shipped("rules", "indicators.toml")),
    "ladder": (Ladder.read, _shipped("rules.escalation", "ladder.toml")),
    "pack": (lambda path: read_pack(path, [request]), PACK),
    "mapping": (read_mapping, MAPPING),
    "calendar": (WorkCalendar.from_toml, CALENDAR),
    "settings": (_settings, '# 本行台账设置\nzone = "Asia/Shanghai"\n'),
}
"""Every kind of TOML document, with what reads it and a good text with Chinese characters in it."""
every_reader = pytest.mark.parametrize(("read", "text"), READERS.values(), ids=READERS)


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "doc.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@every_reader
def test_a_document_is_read_as_windows_saves_it(write, read, text):
    """With a byte-order mark and with the line ends of Windows, or old Macs."""
    read(write(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()))
    read(write(text.replace("\n", "\r")))


@every_reader
@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-16-le"])
def test_a_document_in_another_encoding_names_its_file_and_utf_8(write, read, text, encoding):
    """It is never a UnicodeDecodeError, and the message says what to save it as."""
    path = write((text + "# 大额\n").encode(encoding, "replace"))
    with pytest.raises(InvalidDocument, match=r"UTF-8|NUL|as TOML") as told:
        read(path)
    assert ".toml" in str(told.value)


EVIL = {
    "lists in lists": "x = " + "[" * 60_000,
    "closed lists in lists": "x = " + "[" * 500 + "]" * 500,
    "tables in tables": "x = " + "{a=" * 20_000,
    "a key of many parts": "a." * 20_000 + "a = 1\n",
    "a table of many parts": "[" + "a." * 20_000 + "a]\n",
    "spaced parts": "a . " * 20_000 + "a = 1\n",
    "a long integer": "x = " + "9" * 5_000 + "\n",
    "a long hexadecimal integer": "x = 0x" + "f" * 9_000 + "\n",
    "an integer of 65 bits": "x = 36893488147419103232\n",
    "a NUL": "x = 1\0\n",
    "nothing but a mark": b"\xef\xbb\xbf\xff",
    "too large": "# " + "x" * (9 << 20),
}


@every_reader
@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_no_document_takes_the_reader_down(write, read, text, evil):
    """Depth, length and size are bounded before anything is made of them, and the file is named."""
    began = time.monotonic()
    with pytest.raises(InvalidDocument) as told:
        read(write(evil))
    assert ".toml" in str(told.value)
    assert time.monotonic() - began < 5


@every_reader
@pytest.mark.parametrize("what", ["folder", "pipe", "link to nothing", "endless device"])
def test_what_is_no_file_is_no_document(tmp_path, read, text, what):
    """No wait, no memory to the limit, no raw error."""
    path = tmp_path / "doc.toml"
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("nothing.toml" if what == "link to nothing" else "/dev/zero")
    with pytest.raises(InvalidDocument, match=r"it is a (folder|pipe|device|link)"):
        read(path)


@every_reader
def test_a_name_with_a_nul_byte_is_refused(tmp_path, read, text):
    """As every error of the library's own."""
    if read is _settings:
        return
    with pytest.raises(InvalidDocument, match="NUL"):
        read(tmp_path / "a\0b.toml")


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        ("name = “x”", 'write the straight one, "'),
        ("name = ‘x’", "write the straight one, '"),
        ('name ＝ "x"', "write ="),
        ('name = ["x"，"y"]', "write ,"),
        ('name = 【"x"】', r"write \[ \]"),
        ('name\u3000= "x"', "write plain spaces"),
        ('na\u200bme = "x"', "delete it"),
        ("name = True", "small letters"),
        ("name = yes", "true or false"),
        ('name = "C:\\new\\x"', "single quotes"),
        ('name: "x"', "with = between"),
        ('大额 = "x"', "stands in quotes"),
        ('name = "x"\nname = "y"', "twice"),
    ],
)
def test_a_slip_of_the_pen_or_of_a_text_program_is_told_with_its_cure(line, cure):
    """Curly quotes, full-width signs, invisible characters, words of other languages."""
    with pytest.raises(InvalidDocument, match=cure):
        load_toml(f"{line}\n", "a document")


def test_signs_of_text_programs_may_stand_inside_of_texts():
    """Only where they stand for a sign of TOML are they a mistake."""
    told = load_toml('x = "“大额”，见 a.b.c"\ny = "' + "a.b." * 200 + '"\n', "a document")[1]
    assert told["x"] == "“大额”，见 a.b.c"


NAMED = ("mapping", "catalogue", "duties", "ladder", "scorecard", "indicators", "calendar")


def _ledger(folder, key, name):
    (folder / "requests.csv").write_text("id,bank,service\nR1,B,S10\n")
    said = f'calendar = {{ file = "{name}" }}' if key == "calendar" else f'{key} = "{name}"'
    (folder / "ledger.toml").write_text(f'zone = "Asia/Shanghai"\n{said}\n')
    return folder


@pytest.mark.parametrize("key", NAMED)
@pytest.mark.parametrize("name", ["/dev/zero", "/etc/hostname", "../secret.toml", "out.toml", "sub/../../secret.toml"])
def test_settings_name_only_files_beside_or_below_them(tmp_path, key, name):
    """An absolute path, a way upwards and a link that leads out are refused, whatever lies there."""
    (tmp_path / "secret.toml").write_text("x = 1\n")
    folder = tmp_path / "ledger"
    folder.mkdir()
    (folder / "sub").mkdir()
    (folder / "out.toml").symlink_to(tmp_path / "secret.toml")
    with pytest.raises(InvalidDocument, match="outside") as told:
        Ledger.read(_ledger(folder, key, name))
    assert key in str(told.value)
    assert "x = 1" not in str(told.value)


@pytest.mark.parametrize("key", NAMED)
@pytest.mark.parametrize(
    ("name", "problem"), [("cat.toml", "did you mean 'cats.toml'"), ("sub", "folder"), ("a\\u0000", "NUL")]
)
def test_a_file_that_settings_name_and_that_is_none_is_told_with_its_key(tmp_path, key, name, problem):
    """Missing, a folder, or of an impossible name."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "cats.toml").write_text("x = 1\n")
    with pytest.raises(InvalidDocument, match=problem) as told:
        Ledger.read(_ledger(tmp_path, key, name))
    assert key in str(told.value)


def test_a_file_below_the_settings_is_read(tmp_path):
    """And one whose folder is itself reached by a link."""
    (tmp_path / "real" / "sub").mkdir(parents=True)
    (tmp_path / "real" / "sub" / "hours.toml").write_text(CALENDAR, encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for folder in (tmp_path / "real", tmp_path / "link"):
        assert Ledger.read(_ledger(folder, "calendar", "sub/hours.toml")).calendar.name == "中心营业时间"


def test_what_is_no_file_says_what_it_is(tmp_path):
    """In words that a person knows."""
    (tmp_path / "x").write_text("")
    assert no_file(tmp_path / "x") == ""
    assert no_file(tmp_path) == "it is a folder, not a file"
    assert no_file("/dev/null") == "it is a device, not a file"
    assert no_file(tmp_path / "y") == "there is no such file"
    assert "opened" in no_file(tmp_path / ("y" * 5000))
    assert issubclass(InvalidDocument, WindowserviceError)
