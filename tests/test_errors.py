"""Every error carries the values that its class names, however it is made, copied or pickled."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from windowservice import errors

VALUED = [kind for kind in vars(errors).values() if isinstance(kind, type) and getattr(kind, "__match_args__", ())]


def test_all_errors_are_looked_at() -> None:
    """The list is not empty by an oversight."""
    assert len(VALUED) > 30


@pytest.mark.parametrize("kind", VALUED)
def test_an_error_carries_what_its_class_names(kind: Any) -> None:
    """By position or by name, and after a copy or a pickle; as arguments too, in order."""
    names = kind.__match_args__
    values = [f"v{place}" for place in range(len(names))]
    for made in (kind(*values), kind(**dict(zip(names, values, strict=True)))):
        for error in (made, copy.copy(made), pickle.loads(pickle.dumps(made))):
            assert [getattr(error, name) for name in names] == values
            assert error.args == tuple(values)
            said = [f"{name}={value!r}" for name, value in zip(names, values, strict=True)]
            assert repr(error) == f"{kind.__name__}({', '.join(said)})"


@pytest.mark.parametrize("kind", VALUED)
def test_an_error_made_wrongly_is_refused(kind: Any) -> None:
    """One value too many, one of no such name, one given twice, or one that is needed and left out."""
    names = kind.__match_args__
    values = dict.fromkeys(names, "x")
    for wrong in (lambda: kind(*values, "y"), lambda: kind(**values, odd=1), lambda: kind("x", **values)):
        with pytest.raises(TypeError, match=kind.__name__):
            wrong()
    with pytest.raises(TypeError, match=kind.__name__):
        kind()
