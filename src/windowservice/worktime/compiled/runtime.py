"""WebAssembly modules compiled and run, each run in a memory of its own."""

from __future__ import annotations

import ctypes
import warnings
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from windowservice.errors import NotColumnar
from windowservice.worktime.integers.memory import HEAD

if TYPE_CHECKING:
    import numpy as np

    Ints = np.ndarray[Any, Any]

__all__ = ["Compiled", "Words", "is_there"]

_PAGE: Final = 65_536
_KEPT: Final = 1 << 23
"""A memory of which more words (64 MB) were wanted is not kept for the next run."""


@cache
def is_there() -> bool:
    """Return whether the runtime is installed and works; if it is there and does not work, warn of that once.

    A host may forbid code that is made while it runs; columns are then counted without it, more slowly and equally.
    """
    text = '(module (memory (export "memory") 1) (func (export "run") (result i64) (i64.const 1)))'
    try:
        with Compiled(text).memory(1) as words:
            return words.run("run") == 1
    except ImportError:
        return False
    except Exception as error:
        warnings.warn(f"wasmtime does not work here ({error}): columns are judged without it", stacklevel=2)
        return False


class Compiled:
    """A module that is compiled; threads may share it.

    Raises:
        NotColumnar: if the runtime does not take its text.
    """

    def __init__(self, text: str) -> None:
        import wasmtime

        engine = wasmtime.Engine()
        try:
            self._held: list[Any] = [engine, wasmtime.Module(engine, bytes(wasmtime.wat2wasm(text)))]
        except wasmtime.WasmtimeError as error:
            raise NotColumnar("a module", f"what the runtime does not take ({error})") from error
        self._spare: list[Words] = []
        for held in (self._spare, self._held):  # at the end of a program too, while wasmtime is still whole
            weakref.finalize(self, held.clear)

    @contextmanager
    def memory(self, count: int, image: Ints | None = None) -> Iterator[Words]:
        """Give a memory of so many words at least, to run the module on, which begins with an image.

        One is kept for the next run, if it is not large, and with it the image: pages of a new memory cost more to
        touch for the first time than all that is computed in them.

        Raises:
            NotColumnar: if there is not so much memory.
        """
        try:
            words = self._spare.pop()
        except IndexError:  # it is the first, or another thread has it
            words = None
        if words is None or len(words.held) < count:
            words = self._new(count if count > _KEPT else count + count // 4)
        words.begin_with(image)
        yield words
        if count <= _KEPT:
            self._spare[:] = [words]

    def _new(self, words: int) -> Words:
        import wasmtime

        engine, module = self._held
        store = wasmtime.Store(engine)
        try:
            exports: Any = wasmtime.Instance(store, module, []).exports(store)
            exports["memory"].grow(store, words * 8 // _PAGE + 1)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            raise NotColumnar("a module", f"what its memory does not hold ({error})") from error
        return Words(store, exports)


class Words:
    """The memory of a module as an array of numbers, filled from its beginning.

    Attributes:
        held: the numbers.
        free: the first that is free.
    """

    def __init__(self, store: Any, exports: Any) -> None:
        import numpy as np

        self._store, self._exports = store, exports
        memory = exports["memory"]
        start = ctypes.addressof(memory.data_ptr(store).contents)
        self.held: Ints = np.ctypeslib.as_array((ctypes.c_int64 * (memory.data_len(store) // 8)).from_address(start))
        self.free = 0
        self._image: Ints | None = None

    def begin_with(self, image: Ints | None) -> None:
        """Fill the memory from its beginning again: with an image, of which only the head is changed by a run."""
        if image is not None and image is self._image:
            self.held[:HEAD] = image[:HEAD]
            self.free = len(image)
            return
        self.free, self._image = 0, image
        if image is not None:
            self.put(image)

    def put(self, numbers: Ints) -> int:
        """Put numbers down and return where they begin."""
        at = self.free
        self.room(len(numbers))[:] = numbers
        return at

    def room(self, count: int) -> Ints:
        """Return room for so many numbers, which may be any."""
        at, self.free = self.free, self.free + count
        return self.held[at : self.free]

    def run(self, name: str, *arguments: int) -> int | None:
        """Run a function of the module, and return what it gives.

        Raises:
            NotColumnar: if it reads or writes beyond its memory.
        """
        import wasmtime

        try:
            found: int | None = self._exports[name](self._store, *arguments)
        except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
            raise NotColumnar("a module", f"what its memory does not hold ({error})") from error
        return found
