"""The memory of a compiled module, which is kept from run to run."""

from __future__ import annotations

import numpy as np
import pytest

from windowservice.worktime.compiled.runtime import _KEPT, Compiled
from windowservice.worktime.integers.memory import HEAD

pytest.importorskip("wasmtime")

TEXT = '(module (memory (export "memory") 1))'
IMAGE = np.arange(1_000, dtype=np.int64)
OTHER = -IMAGE


def test_a_memory_that_is_kept_begins_with_its_image_again() -> None:
    """What a run put behind it is written over, and what it left in the head is gone."""
    compiled = Compiled(TEXT)
    with compiled.memory(5_000, IMAGE) as first:
        first.put(OTHER)
        first.held[:HEAD] = 7
    with compiled.memory(2_000, IMAGE) as again:
        assert again is first
        assert again.put(IMAGE[:3]) == len(IMAGE)
        assert (again.held[: len(IMAGE)] == IMAGE).all()
    with compiled.memory(2_000, OTHER) as other:
        assert other is first
        assert other.put(IMAGE[:3]) == len(OTHER)
        assert (other.held[: len(OTHER)] == OTHER).all()


def test_two_runs_at_once_have_two_memories() -> None:
    """As threads have."""
    compiled = Compiled(TEXT)
    with compiled.memory(2_000, IMAGE) as one, compiled.memory(2_000, IMAGE) as other:
        assert one is not other
        one.held[500] = -1
        assert other.held[500] == IMAGE[500]


def test_a_large_memory_is_not_kept_nor_one_of_a_run_that_failed() -> None:
    """What stays is bounded, and nobody knows what a failed run left."""
    compiled = Compiled(TEXT)
    with compiled.memory(_KEPT + 1) as large:
        pass
    with compiled.memory(2_000) as small:
        assert small is not large
    with pytest.raises(ZeroDivisionError), compiled.memory(2_000):
        raise ZeroDivisionError
    with compiled.memory(2_000) as after:
        assert after is not small
