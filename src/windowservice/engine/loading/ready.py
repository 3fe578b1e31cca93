"""What judges requests by the library's own rules at once: code that was made of them before, beside the package.

The wheel holds it as a module of its own, `requests_code`, which `write` makes when the wheel is built; a source
checkout has none. It is used only if every file that it was made of is there as it was. Otherwise, and for whatever is
asked beyond verdicts, the rules are loaded as if it were not there.
"""

from __future__ import annotations

import logging
import os.path
import pickle
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from windowservice.engine.running import ReadyRunner
from windowservice.plugins.announced import announced

if TYPE_CHECKING:
    from windowservice.domain.catalogue.catalogue import Catalogue
    from windowservice.engine.engine import Engine
    from windowservice.engine.running import Runner
    from windowservice.language.python.marks import Masks
    from windowservice.language.tree.rule import Pack
    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["PACKAGE", "Library", "Ready", "fingerprint", "library", "requests_ready"]

PACKAGE: Final = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
_MADE: Final = "windowservice.engine.loading.requests_code"
T = TypeVar("T")
_log = logging.getLogger("windowservice.engine")


class _Code(NamedTuple):
    """The code for requests, with the names of its rules, the calendars it counts by and the default one."""

    names: tuple[str, ...]
    evaluate: Callable[[Any, Any], Masks]
    calendars: Mapping[str, WorkCalendar]
    calendar: WorkCalendar


class Ready:
    """An engine of the library alone, before it is loaded.

    Args:
        code: the code for requests.
        load: loads the engine.

    Attributes:
        calendar: the default calendar.
        runner: what judges requests.
    """

    def __init__(self, code: _Code, load: Callable[[], Engine]) -> None:
        self.calendar = code.calendar
        self.runner: Runner = ReadyRunner(code.names, code.evaluate, lambda: self.whole().runner_of_requests)
        self._load = load
        self._whole: Engine | None = None
        self._lock = threading.Lock()

    def whole(self) -> Engine:
        """Return the engine, loaded when it is first asked for."""
        with self._lock:
            if self._whole is None:
                self._whole = self._load()
            return self._whole


def requests_ready(load: Callable[[], Engine], *, installed: bool) -> Ready | None:
    """Return an engine of the library alone that is not loaded yet; None if there is no code for it, or a plugin.

    Args:
        load: loads it; no plugin is installed then, or none counts.
        installed: whether installed plugins count.
    """
    code = _code()
    return None if code is None or (installed and announced()) else Ready(code, load)


@cache
def _made() -> Any:
    """Return the module of what was made before; None if it is not there, torn, or made of other files."""
    try:
        made = import_module(_MADE)
        if fingerprint(made.FILES) == made.FINGERPRINT:
            return made
        _log.debug("%s was made of other files", _MADE)
    except ModuleNotFoundError:
        return None
    except Exception as error:  # whatever is wrong with it, the rules are there
        _log.debug("%s cannot be used: %s", _MADE, error)
    return None


def _read(part: Callable[[Any], T]) -> T | None:
    """Return a part of what was made before; None if there is none, or it cannot be read."""
    made = _made()
    try:
        return None if made is None else part(made)
    except Exception as error:
        _log.debug("%s cannot be used: %s", _MADE, error)
        return None


@cache
def _code() -> _Code | None:
    def read(made: Any) -> _Code:
        constants, *calendars = pickle.loads(made.CONSTANTS)  # noqa: S301 - of a module of ours, trusted as code is
        return _Code(made.NAMES, made.bound(**constants), *calendars)

    return _read(read)


class Library(NamedTuple):
    """What the library offers itself on requests, as it was read from its files and checked before.

    Attributes:
        packs: the packs.
        catalogue: the service catalogue.
        calendars: the calendars of the catalogue.
    """

    packs: tuple[Pack, ...]
    catalogue: Catalogue
    calendars: Mapping[str, WorkCalendar]


@cache
def library() -> Library | None:
    """Return what the library offers itself on requests, if that was made before: a value that never changes."""
    code = _code()
    if code is None:
        return None

    def read(made: Any) -> Library:
        packs, catalogue = pickle.loads(made.LIBRARY)  # noqa: S301 - as above
        return Library(packs, catalogue, code.calendars)

    return _read(read)


def fingerprint(files: Iterable[str]) -> int:
    """Return a number that changes with what stands in files of the package.

    Raises:
        OSError: if one is not there.
    """
    found = 0
    for name in files:
        with open(f"{PACKAGE}/{name}", "rb") as file:
            found = zlib.crc32(file.read(), zlib.crc32(name.encode(), found))
    return found
