"""What the built-in packs share: their sources, the names of the policies, and the figures beside each module."""

from __future__ import annotations

from typing import Any, Final

from windowservice.domain.basis import Basis
from windowservice.files import shipped
from windowservice.language.tree.figures import Figure
from windowservice.rules.pack_file import read_figures

__all__ = ["ACCOUNT", "BUSINESS_ENVIRONMENT", "LICENSING_LAW", "LOCAL_RULE", "OWN", "POLICIES", "figures_beside"]

ACCOUNT: Final = Basis("Published account of a branch's window", mark="article")
"""The account of how a branch made its service to banks better."""
LICENSING_LAW: Final = Basis("Administrative Licensing Law (行政许可法)", issued="2019-04-23", mark="verified")
"""Binding for the class `licence`; applied by analogy elsewhere."""
BUSINESS_ENVIRONMENT: Final = Basis(
    "Regulation on Optimising the Business Environment (优化营商环境条例)", issued="2019-10-22", mark="verified"
)
"""Binds a central-bank branch by policy rather than clearly by text."""
LOCAL_RULE: Final = Basis("A provincial department's rule on time limits", mark="verified")
"""One local rule that lists what counts as late in disguise."""
OWN: Final = Basis("Default of this library, to be replaced by the branch's own rule", mark="assumption")

POLICIES: Final = {
    "first_contact": "first contact",
    "told_once": "one-time notification",
    "in_time": "time-limited completion",
    "commitment": "service commitment",
    "catalogue": "service catalogue",
    "standard": "by the standard",
    "at_once": "at once",
    "early_warning": "early warning",
}
"""The policies, as findings and reports name them."""


def figures_beside(module: str) -> dict[str, Figure[Any]]:
    """Return the figures of the TOML file beside a module of this package."""
    name = f"{module}.toml"
    return read_figures(shipped(__package__, name), name)
