"""Where in a plugin something went wrong, and what was said."""

from __future__ import annotations

import sys
from pathlib import Path
from traceback import walk_tb
from types import ModuleType
from typing import Any, Final

import pluggy

from windowservice.errors import PluginFailed, WindowserviceError

__all__ = ["failed", "line_of"]

_OURS: Final = (str(Path(__file__).parents[1]), str(Path(pluggy.__file__).parent))


def failed(
    plugin: str, error: BaseException, of: object = None, hook: str = "", *, installed: bool = False
) -> PluginFailed:
    """Return the error that says what a plugin raised, with the hook, the file and the line.

    Args:
        plugin: its name.
        error: what it raised.
        of: the plugin, or the path of its file: the innermost line in its folder is told; without it, the innermost
            line that is not the library's.
        hook: the hook that was asked.
        installed: whether it came by an entry point.
    """
    return PluginFailed(plugin, _reason(error), hook, _place(error, _home(of)), installed)


def line_of(function: Any) -> str:
    """Return ``file line n`` of a function, or an empty text where Python does not know it."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return "" if code is None else f"{code.co_filename} line {code.co_firstlineno}"


def _reason(error: BaseException) -> str:
    try:
        said = str(error)
    except Exception:  # whatever the plugin's own error does
        said = ""
    if isinstance(error, WindowserviceError) and said:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _home(of: object) -> str:
    """Return the folder of a plugin's code, or an empty text."""
    if isinstance(of, Path):
        return str(of.resolve().parent)
    module = of if isinstance(of, ModuleType) else sys.modules.get(str(getattr(of, "__module__", "")))
    file = getattr(module, "__file__", None)
    return str(Path(file).resolve().parent) if isinstance(file, str) else ""


def _place(error: BaseException, home: str) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename} line {error.lineno}" if error.lineno else error.filename
    lines = [(frame.f_code.co_filename, number) for frame, number in walk_tb(error.__traceback__)]
    foreign = [(file, number) for file, number in lines if not file.startswith(("<frozen", "<attrs", *_OURS))]
    own = [(file, number) for file, number in foreign if home and str(Path(file).resolve()).startswith(home)]
    return "{} line {}".format(*(own or foreign)[-1]) if foreign else ""
