"""Rules of the Xiamen branch (an example; the notice and its figures are made up)."""

from pathlib import Path

pack = Path(__file__).with_name("pack.toml")
