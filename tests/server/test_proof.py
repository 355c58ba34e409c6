"""Real processes, a real engine, and their deaths: the short form of `python -m tests.server.proof`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.server.engines import ENGINES, engine_of
from tests.server.proof import Proof, ProofPage, prove, serving


@pytest.mark.parametrize("name", ENGINES)
def test_every_call_settles_once_and_every_event_comes_once_or_its_loss_is_told(tmp_path: Path, name: str) -> None:
    with engine_of(name, tmp_path / "engine") as engine, serving(tmp_path / "app", engine, 2) as (port, supervisor):
        proof = asyncio.run(prove(engine, port, supervisor, pages=8, rounds=3))
    proof.check((tmp_path / "app" / "runs").read_text("utf-8").split())
    assert proof.kills == proof.restarts == 1
    assert proof.resolved
    assert sum(len(told) for page in proof.pages for told in page.told)
    assert proof.delayed > 100
    assert sum(page.resumed for page in proof.pages), "no connection went on where it was"


def test_the_proof_sees_what_must_not_be() -> None:
    proof, page = Proof(), ProofPage(1, "ann")
    proof.pages, proof.resolved = [page], {"ann:1"}
    proof.accepted["bob.1"] += ["1", "2", "3"]
    page.answers["1:1"] = 1
    page.told = [["bob.1 1", "bob.1 2"], ["bob.1 3"]]
    proof.check(["ann:1"])
    with pytest.raises(AssertionError, match="ran twice"):
        proof.check(["ann:1", "ann:1"])
    with pytest.raises(AssertionError, match="never ran"):
        proof.check([])
    for told, wrong in (
        (["bob.1 1", "bob.1 3"], "a hole"),
        (["bob.1 2", "bob.1 1"], "out of order"),
        (["bob.1 1", "bob.1 1"], "twice"),
    ):
        page.told = [told]
        with pytest.raises(AssertionError, match=wrong):
            proof.check(["ann:1"])
    page.told = [["bob.1 1"]]
    page.answers["1:1"] = 2
    with pytest.raises(AssertionError, match="answered twice"):
        proof.check(["ann:1"])
