"""Rules of a town's permit counter (an example)."""

from pathlib import Path

pack = Path(__file__).with_name("pack.toml")
receipt_log = Path(__file__).with_name("receipt_log.toml")
permit_log = Path(__file__).with_name("permit_log.toml")
