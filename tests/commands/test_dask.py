"""Commands on a cluster of Dask, on loopback."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest

from tests.commands.far import FAR, cancellation_crosses, progress_crosses
from tests.mock_app import Running, running
from tests.requirements import needs_dask
from transom import Builder, CommandError, command
from transom.runtimes._mock import MockRejection


@command(executor="cluster")
def square(number: int) -> dict[str, int]:
    if number > 100:
        raise CommandError({"limit": 100})
    return {"square": number * number, "pid": os.getpid()}


@command(executor="cluster")
def die(number: int, kills: str) -> None:
    with Path(kills).open("a", encoding="utf-8") as file:
        file.write("x")
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def application() -> Iterator[Running]:
    needs_dask()
    from distributed import Client, LocalCluster

    clusters: list[Any] = []

    def cluster() -> Executor:
        made = LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None, host="127.0.0.1")
        clusters.append(made)
        clusters.append(Client(made))
        # A call is to run once: without `retries` and with one failure allowed, Dask gives up when its worker dies.
        made.scheduler.allowed_failures = 0
        executor: Executor = clusters[-1].get_executor(pure=False)
        return executor

    builder = Builder().executor("cluster", cluster).executor("far", lambda: clusters[-1].get_executor(pure=False))
    with running(square, die, *FAR, builder=builder) as app:
        yield app
    for each in reversed(clusters):
        each.close()


def test_a_command_runs_on_a_cluster_of_dask(application: Running) -> None:
    answer = application.page.invoke("square", {"number": 7})
    assert answer["square"] == 49
    assert answer["pid"] != os.getpid()
    with pytest.raises(MockRejection) as caught:
        application.page.invoke("square", {"number": 101})
    assert caught.value.value == {"limit": 100}


def test_channels_and_cancellation_cross_to_a_cluster(application: Running, tmp_path: Path) -> None:
    progress_crosses(application)
    cancellation_crosses(application, tmp_path / "log")


def test_the_death_of_a_worker_costs_its_call_an_error(application: Running, tmp_path: Path) -> None:
    kills = tmp_path / "kills"
    with pytest.raises(MockRejection) as caught:
        application.page.invoke("die", {"number": 1, "kills": str(kills)})
    assert caught.value.value["kind"] == "executorBroken"
    assert kills.read_text("utf-8") == "x"
    assert application.page.invoke("square", {"number": 3})["square"] == 9
