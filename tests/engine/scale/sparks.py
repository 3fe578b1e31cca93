"""Spark sessions for tests, and a skip that says why where there is no Java."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

__all__ = ["session"]

_ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def session(master: str, **settings: str) -> Iterator[Any]:
    """Give a Spark session of its own; its workers run the Python of the tests."""
    pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed (the extra `spark`)")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("there is no Java on this machine; Spark needs 17")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYSPARK_DRIVER_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = pyspark.sql.SparkSession.builder.master(master).appName("tests")
        fixed = {
            "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "3", "spark.ui.showConsoleProgress": "false",
            "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "100", "spark.python.worker.faulthandler.enabled": "true",
            "spark.sql.adaptive.enabled": "false",
            # not by the environment: that is read once, by the first session of a process
            "spark.executorEnv.PYTHONPATH": os.pathsep.join([str(_ROOT), str(_ROOT / "src")]),
        }  # fmt: skip
        for name, value in {**fixed, **settings}.items():
            builder = builder.config(name, value)
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        try:
            yield spark
        finally:
            spark.stop()
