"""Puts into the wheel the code that the library's own rules on requests become: see `engine/loading/ready.py`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_ROOM = "windowservice/engine/loading"


class MadeBefore(BuildHookInterface):  # type: ignore[type-arg]
    """Runs the sources to be packed, which are not changed: the module that comes of it stands in the wheel alone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the module; an editable installation has none, since its sources change."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        made = Path(self._folder.name) / "requests_code.py"
        # one seed, so that the same sources give the same wheel
        ours = {"PYTHONPATH": str(Path(self.root) / "src"), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        ran = [sys.executable, "-m", "windowservice.engine.loading.write", str(made)]
        subprocess.run(ran, check=True, env={**os.environ, **ours})  # noqa: S603 - a module of these sources
        build_data["force_include"][str(made)] = f"{_ROOM}/requests_code.py"
