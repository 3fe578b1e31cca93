"""In what the rules of a new plugin project are written."""

from typing import Final

__all__ = ["KINDS"]

KINDS: Final = ("python", "toml")
