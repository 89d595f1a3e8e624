"""A real Ray cluster of two nodes on loopback, of which one can be killed."""

import os
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

RAY = str(Path(sysconfig.get_path("scripts")) / "ray")
HEAD, SECOND = "127.0.0.2", "127.0.0.3"
"""Not 127.0.0.1, which Ray replaces by an address of the network."""
START_SECONDS = 90
_EAGER = {
    # A lost node is noticed in half a second instead of a quarter of a minute.
    "RAY_health_check_initial_delay_ms": "0",
    "RAY_health_check_period_ms": "300",
    "RAY_health_check_failure_threshold": "2",
    "RAY_USAGE_STATS_ENABLED": "0",
    # The machine may be full of other tests; nothing here needs much.
    "RAY_memory_monitor_refresh_ms": "0",
}
_COMMON = (
    *("--num-cpus", "1", "--object-store-memory", "80000000"),
    *("--disable-usage-stats", "--block"),
)


class RayCluster:
    def __init__(self, port: int, second: subprocess.Popen[bytes]) -> None:
        self.address = f"{HEAD}:{port}"
        self._second = second

    def kill_second(self) -> None:
        """As a power cut would."""
        _kill(self._second)

    def wait_for_sandbox(self) -> None:
        """Until a candidate is being run on the second node."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            for process in psutil.Process(self._second.pid).children(recursive=True):
                with suppress(psutil.Error):
                    if any("orps_sandbox" in word for word in process.cmdline()):
                        return
            time.sleep(0.02)
        raise AssertionError("nothing is executed on the second node")


@contextmanager
def open_cluster() -> Generator[RayCluster]:
    # Short, since paths of sockets are bounded.
    folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")
    with socket.create_server((HEAD, 0)) as free:
        port = free.getsockname()[1]
    nodes: list[subprocess.Popen[bytes]] = []
    try:
        head = (
            *("--head", "--node-ip-address", HEAD, "--port", str(port)),
            *("--include-dashboard", "false", "--temp-dir", folder),
        )
        nodes.append(_start(*head))
        _wait_for(port)
        address = f"{HEAD}:{port}"
        nodes.append(_start("--node-ip-address", SECOND, "--address", address))
        yield RayCluster(port, nodes[1])
    finally:
        for node in reversed(nodes):
            _kill(node)
        shutil.rmtree(folder, ignore_errors=True)


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [RAY, "start", *arguments, *_COMMON],
        env=os.environ | _EAGER,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection((HEAD, port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the head node does not listen")


def _kill(node: subprocess.Popen[bytes]) -> None:
    try:
        leader = psutil.Process(node.pid)
        processes = [*leader.children(recursive=True), leader]
    except psutil.NoSuchProcess:
        processes = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    node.wait()
    psutil.wait_procs(processes, 10)
