"""Options that several commands share, and what they make: an engine, a ledger, an instant."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from windowservice.cli.output import keep_output
from windowservice.cli.paths import PATH, keep_inputs
from windowservice.errors import InvalidTime, NaiveTime, NoDefaultCalendar
from windowservice.reports.words import LANGUAGES

if TYPE_CHECKING:
    from datetime import date, datetime

    from windowservice.domain.catalogue.catalogue import Catalogue
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger
    from windowservice.worktime.calendar import WorkCalendar

__all__ = [
    "as_of_option", "engine_options", "format_option", "language_option", "ledger_options", "load_engine",
    "load_plugins", "output_option", "pack_option", "plugin_option", "read_as_of", "read_ledger", "scored_by",
    "scoring_options", "words_of",
]  # fmt: skip

F = TypeVar("F", bound=Callable[..., Any])
_AS_OF_WANTED: Final = (
    "a date, as in 2018-06-30 (its end is meant), or a time with offset, as in 2018-06-30T17:00+08:00"
)


def _stack(*options: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


plugin_option = click.option(
    "--plugin", "plugins", multiple=True, metavar="MODULE",
    help="A further plugin: a module, or a file NAME.py, whose code is run; repeatable.",
)  # fmt: skip
pack_option = click.option(
    "--pack", "packs", type=PATH, multiple=True, metavar="TOML",
    help="A further pack: a file, or a folder of files that are one; repeatable.",
)  # fmt: skip
engine_options = _stack(
    click.option("--catalogue", type=PATH, metavar="TOML", help="A service catalogue instead of the default one."),
    pack_option,
    click.option("--alone", is_flag=True, help="Only the packs given, without those of the library and of plugins."),
    plugin_option,
    click.option("--rules", multiple=True, metavar="NAMES", help="Only these rules or packs, with commas; repeatable."),
    click.option("--figures-as-of", metavar="DATE", help="Judge all by the figures of that day: what if?"),
    click.option("--skip-broken-plugins", is_flag=True, help="Leave out installed plugins that cannot be loaded."),
)  # fmt: skip
"""What the engine judges by."""

ledger_options = _stack(
    click.option("--mapping", type=PATH, metavar="TOML", help="How other people's columns become ours."),
    click.option("--zone", metavar="ZONE", help="The zone of times that name none, as Asia/Shanghai."),
)
"""How the ledger is read."""

scoring_options = _stack(
    click.option(
        "--scorecard", type=PATH, metavar="TOML", help="A scorecard instead of the ledger's or the default."
    ),
    click.option(
        "--indicators", type=PATH, metavar="TOML", help="How indicators are counted, instead of the ledger's or "
        "the default.",
    ),
)  # fmt: skip
"""By what banks are scored; see `scored_by`."""

as_of_option = click.option(
    "--as-of", required=True, metavar="WHEN", help="When it is looked at: a date (24:00 of it) or a time with offset."
)
language_option = click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the report."
)
output_option = click.option(
    "-o", "--output", type=PATH, metavar="FILE", help="Write to a file instead of the terminal; it is overwritten."
)


def format_option(*formats: str) -> Callable[[F], F]:
    """Return the option for the form of the output."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default="text", show_default=True, help="Form of the output."
    )


def words_of(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a repeatable option that also takes several with commas."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def load_engine(
    *,
    catalogue: Path | None = None,
    packs: tuple[Path, ...] = (),
    plugins: tuple[str, ...] = (),
    rules: tuple[str, ...] = (),
    figures_as_of: str | None = None,
    skip_broken_plugins: bool = False,
    alone: bool = False,
) -> Engine:
    """Return the engine that the options describe.

    Raises:
        WindowserviceError, OSError: if a part is wrong or a file cannot be read.
    """
    from windowservice.engine.engine import Engine

    keep_output()
    if alone and not packs:
        raise click.UsageError("--alone needs a pack: name it with --pack.")
    engine = Engine.load(
        packs=packs if alone else None,
        plugins=[*load_plugins(plugins), *(() if alone else packs)],
        catalogue=None if catalogue is None else _catalogue(catalogue),
        figures_as_of=None if figures_as_of is None else _day(figures_as_of),
        strict=not skip_broken_plugins,
    )
    chosen = words_of(rules)
    return engine.only(*chosen) if chosen else engine


def _catalogue(path: Path) -> Catalogue:
    from windowservice.domain.catalogue.catalogue import Catalogue

    return Catalogue.from_toml(path)


def _day(text: str) -> date:
    from windowservice.instants import to_date
    from windowservice.ledger.cells.typed import typed_time

    return to_date(typed_time(text), "--figures-as-of")


def load_plugins(names: Iterable[str]) -> list[object]:
    """Return the modules that ``--plugin`` names.

    Raises:
        PluginFailed: if one cannot be loaded.
    """
    return [_plugin(name) for name in names]


def _plugin(name: str) -> object:
    from windowservice.plugins.places import failed

    is_file = name.endswith(".py")
    try:
        return _from_file(Path(name)) if is_file else importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever the module itself raises, SystemExit too
        raise failed(name, error, Path(name) if is_file else None) from error


def _from_file(path: Path) -> object:
    spec = importlib.util.spec_from_file_location(path.stem, path.resolve(strict=True))
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # an engine that is pickled finds what the plugin declares by its module
    spec.loader.exec_module(module)
    return module


def read_as_of(text: str, zone: str | None, ledger: Path | None = None, mapping: Path | None = None) -> datetime | str:
    """Return what ``--as-of`` says.

    A time that names no zone is taken in ``--zone``, or else in the zone that the ledger names; a date too, if
    ``--zone`` is given.

    Raises:
        InvalidTime, UnknownZone: if it is wrong, before anything long is begun.
    """
    from datetime import UTC

    from windowservice.instants import as_of_us, get_zone, utc_datetime
    from windowservice.ledger.cells.typed import typed_time

    where = "--as-of"
    text = typed_time(text)
    try:
        if zone is not None:
            named = get_zone(zone, "--zone")
            return utc_datetime(as_of_us(text, named, where, naive=named))
        name = _zone_of(ledger, mapping) if ":" in text else ""
        if name:
            return utc_datetime(as_of_us(text, UTC, where, naive=get_zone(name)))
        as_of_us(text, UTC, where)
    except InvalidTime as error:
        raise InvalidTime(error.value, _AS_OF_WANTED, where) from None
    except NaiveTime:
        raise InvalidTime(
            text, f"complete, since it names no zone; give --zone, or write {_AS_OF_WANTED}", where
        ) from None
    return text


def _zone_of(ledger: Path | None, mapping: Path | None) -> str:
    """Return the zone that a ledger names: its mapping, or its ``ledger.toml``; empty if none does."""
    if mapping is not None and (said := _zone_said(mapping)):
        return said
    if ledger is None or not ledger.is_dir():
        return ""
    from windowservice.ledger.reading.settings import read_settings  # a request in hand has none

    settings = read_settings(ledger)
    own = _zone_said(ledger / settings.mapping) if settings.mapping and mapping is None else ""
    return own or settings.zone


def _zone_said(mapping: Path) -> str:
    """Return the zone that a mapping names; the rest of it is read with the tables that the engine knows."""
    from windowservice.files import load_toml

    return str(load_toml(mapping, "a mapping of a ledger", where=mapping.name)[1].get("zone", ""))


def read_ledger(path: Path, engine: Engine, *, mapping: Path | None, zone: str | None, as_of: datetime | str) -> Ledger:
    """Return the ledger; its load report tells what lies outside the hours by which it is judged.

    Raises:
        LedgerError, OSError: if it cannot be read as a whole.
    """
    from windowservice.ledger.reading.settings import read_settings

    own = path.is_dir() and read_settings(path).calendar is not None
    book = engine.read(path, mapping=mapping, zone=zone, as_of=as_of, calendar=None if own else _hours(engine))
    keep_inputs(path, book)
    return book


def _hours(engine: Engine) -> WorkCalendar | None:
    try:
        return engine.calendar
    except NoDefaultCalendar:  # its rules name theirs
        return None


def scored_by(engine: Engine, scorecard: Path | None, indicators: Path | None) -> dict[str, Any]:
    """Return by what banks are scored, as the functions of scoring take it; None is the ledger's own or the default.

    Raises:
        InvalidDocument, OSError: if a file is wrong or cannot be read.
    """
    from windowservice.domain.scorecard.scorecard import Scorecard
    from windowservice.scoring.branch_files import indicators_from

    return {
        "scorecard": None if scorecard is None else Scorecard.read(scorecard),
        "indicators": None if indicators is None else indicators_from(indicators, engine),
    }
