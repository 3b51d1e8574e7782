"""A standalone cluster of Spark on this machine, as a test starts it itself: a master, and workers of one core."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT

HOST = "127.0.0.1"
PATIENCE = 90  # seconds until a process is there


def lacking() -> str:
    """What is missing for Spark; empty where all is there."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "PySpark is not installed: pip install '.[spark]'"
    return "" if shutil.which("java") else "there is no Java: Spark 4 needs 17"


def surroundings() -> dict[str, str]:
    """The environment of a process of Spark: its Python is this one, and finds the package that is tested."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_HOSTNAME": HOST,
        "SPARK_DAEMON_MEMORY": "256m",
    }


@dataclass
class Cluster:
    """A master and its workers: processes with groups of their own, and their logs."""

    folder: Path
    address: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *arguments: str) -> None:
        import pyspark

        spark_class = Path(pyspark.__file__).parent / "bin" / "spark-class"
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [str(spark_class), f"org.apache.spark.deploy.{arguments[0]}", "--host", HOST, *arguments[1:]],
                env=surroundings(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def kill(self, name: str) -> None:
        """End a process with all that it started, as when its machine is gone."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)

    def wait_for(self, there: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Wait until it is there; TimeoutError with the logs if it does not come."""
        end = time.monotonic() + seconds
        while not there():
            if time.monotonic() > end:
                raise TimeoutError(
                    f"{what}: " + "\n".join(path.read_text()[-2000:] for path in self.folder.glob("*.log"))
                )
            time.sleep(0.2)


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster of its own, whose workers offer one core and a gigabyte each."""
    found = Cluster(folder)
    try:
        found.start("master", "master.Master", "--port", "0", "--webui-port", "0")
        line = "Starting Spark master at "
        found.wait_for(lambda: line in found.log("master"), "a master")
        found.wait_for(lambda: "\n" in found.log("master").partition(line)[2], "its address")
        found.address = found.log("master").partition(line)[2].partition("\n")[0].strip()
        for n in range(workers):
            work = folder / f"work{n}"
            more = ("--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", str(work), found.address)
            found.start(f"worker{n}", "worker.Worker", *more)
        registered = "Successfully registered with master"
        found.wait_for(lambda: all(registered in found.log(f"worker{n}") for n in range(workers)), "the workers")
        yield found
    finally:
        for name in reversed(list(found.processes)):
            found.kill(name)
