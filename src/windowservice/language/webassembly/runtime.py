"""Whether WebAssembly modules can be run here."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

__all__ = ["is_there"]


@cache
def is_there() -> bool:
    """Return whether the runtime is installed and works; if it is there and does not work, warn of that once.

    A host may forbid code that is made while it runs; columns are then judged without it, more slowly and equally.
    """
    try:
        import wasmtime

        engine = wasmtime.Engine()
        text = '(module (memory (export "memory") 1) (func (export "run") (result i64) (i64.const 1)))'
        store = wasmtime.Store(engine)
        module = wasmtime.Module(engine, bytes(wasmtime.wat2wasm(text)))
        run: Any = wasmtime.Instance(store, module, []).exports(store)["run"]
        return bool(run(store) == 1)
    except ImportError:
        return False
    except Exception as error:
        warnings.warn(f"wasmtime does not work here ({error}): columns are judged without it", stacklevel=2)
        return False
