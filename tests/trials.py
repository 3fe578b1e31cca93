"""On how many random examples a law is tried, as a share of what the profile of hypothesis says (see `conftest.py`).

A law whose examples cost much, or that is aimed at edges and soon says all it can, takes a smaller share; one that is
quick, or where a fault hides in few of many cases, a larger one. So every profile tries more or less of all laws alike.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings

__all__ = ["trials"]


def trials(share: float, *parents: settings, **said: Any) -> settings:
    """Return settings with a share of the examples of the profile, beside what else is said."""
    return settings(*parents, max_examples=max(3, round(settings().max_examples * share)), **said)
