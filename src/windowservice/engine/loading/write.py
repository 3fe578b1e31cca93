"""Makes the module `requests_code`: ``python -m windowservice.engine.loading.write FILE``, when a wheel is built.

It holds the function that the library's own rules on requests become, as text; what that function is bound to
(calendars, figures, limits), pickled; and the packs and the catalogue as they were read and checked. Run in an
interpreter of its own, it notes each file of the package that is read for it, so that `ready` can tell whether they are
still the same.
"""

from __future__ import annotations

import io
import pickle
import sys
import textwrap
from pathlib import Path
from typing import Any

import attrs

from windowservice.engine.engine import Engine
from windowservice.engine.loading.ready import PACKAGE, fingerprint
from windowservice.language.python.compile import Written, write_rules

__all__ = ["module_text"]


class _Pickler(pickle.Pickler):
    """Writes a kernel's function as what binds it to calendars."""

    def __init__(self, file: io.BytesIO, written: Written) -> None:
        super().__init__(file, protocol=5)
        unit = written.unit
        binding = attrs.evolve(unit.binding, figures={})  # functions of time ask for none
        self._bound = {id(function): (kernel.bind, (binding,)) for kernel, function in unit.kernels}

    def reducer_override(self, value: Any) -> Any:
        return self._bound.get(id(value), NotImplemented)


def module_text(read: set[str]) -> str:
    """Return the text of the module.

    Args:
        read: the files of the package that were read so far; it grows.
    """
    engine = Engine.load(installed=False)
    runner = engine.runner_of_requests
    written = write_rules([loaded.rule for loaded in runner.rules], runner.vocabulary, runner.binding)
    held = io.BytesIO()
    calendars = dict(runner.binding.calendars)
    _Pickler(held, written).dump((written.unit.constants, calendars, runner.binding.calendar))
    packs = [pack for pack in engine.packs if any(rule.of is runner.vocabulary for rule in pack.rules)]
    files = sorted(read | {_within(module.__file__) for module in _ours()})
    return "\n".join([
        '"""Made when the wheel was built, by `windowservice.engine.loading.write`, of the files that it names."""',
        f"FILES = {files!r}",
        f"FINGERPRINT = {fingerprint(files)}",
        f"NAMES = {runner.names!r}",
        f"CONSTANTS = {held.getvalue()!r}",
        f"LIBRARY = {pickle.dumps((tuple(packs), engine.catalogue), 5)!r}",
        f"def bound({', '.join(written.unit.constants)}):",
        textwrap.indent(written.source, "    "),
        "    return evaluate\n",
    ])  # fmt: skip


def _ours() -> list[Any]:
    return [module for name, module in sys.modules.items() if name.startswith("windowservice.") and module.__file__]


def _within(path: str) -> str:
    return Path(path).relative_to(PACKAGE).as_posix()


if __name__ == "__main__":
    opened: set[str] = set()

    def note(event: str, args: tuple[Any, ...]) -> None:
        path = Path(str(args[0])) if event == "open" else Path()
        if path.suffix == ".toml" and path.is_relative_to(PACKAGE):
            opened.add(_within(str(path)))

    sys.addaudithook(note)
    Path(sys.argv[1]).write_text(module_text(opened), "utf-8")
