"""The benchmark's command line, its rounds, and a short run of all of it on transom."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from bench import _run, _systems
from bench.__main__ import QUICK, main, parse, report
from bench._dispatch import COMMANDS, dispatch
from bench._run import Outcome, Sample, run_rounds
from bench._systems import DISPATCH, MAIN, ON_MACHINE, SYSTEMS, WORKLOADS, NotMeasured, Program, System, Work
from tests.requirements import ROOT, needs_chromium, needs_npm_package, needs_webkitgtk, needs_xvfb


def test_without_arguments_everything_is_measured() -> None:
    options = parse([])
    assert options.systems == tuple(SYSTEMS)
    assert (options.only, options.scale, options.rounds) == (None, 1.0, 3)
    assert options.json.parent == ROOT / "bench" / "results"


def test_transom_stands_for_its_runtimes() -> None:
    options = parse(["--systems", "transom,pytauri,floor,transom-web", "--rounds", "2"])
    assert options.systems == ("transom-webkitgtk", "transom-web", "transom-mock", "pytauri", "floor")
    assert options.rounds == 2


def test_commands_in_rust_come_with_the_workload_they_are_compared_with() -> None:
    assert parse(["--only", "invoke_50,events"]).only == frozenset({"invoke_50", "rust_invoke_50", "events"})


def test_a_quick_run_is_small_and_may_be_told_more() -> None:
    quick = parse(["--quick", "--no-plot"])
    assert quick.only is not None
    assert quick.only >= set(QUICK)
    assert (quick.rounds, quick.plot) == (1, None)
    assert quick.scale < 1
    assert parse(["--quick", "--systems", "floor", "--rounds", "2"]).systems == ("floor",)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--systems", "tauri"], "unknown name 'tauri'"),
        (["--only", "x"], "unknown name 'x'"),
        (["--only", ","], "at least one name"),
        (["--rounds", "0"], "1 or more"),
    ],
)
def test_a_mistake_is_named(arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert word in capsys.readouterr().err


def test_the_page_has_the_workloads_that_the_command_line_knows() -> None:
    page = (ROOT / "bench" / "workloads.js").read_text("utf-8")
    in_page = re.findall(r'^    (\w+): \["', page, re.MULTILINE)
    assert sorted(in_page) == sorted(
        set(WORKLOADS) - set(ON_MACHINE) - set(DISPATCH) - {f"rust_{name}" for name in WORKLOADS}
    )
    assert set(MAIN) <= set(in_page)
    assert set(COMMANDS) == set(DISPATCH)


def _script(text: str) -> System:
    def prepare(folder: Path, _work: Work) -> Program:
        (folder / "main.py").write_text(text, "utf-8")
        return Program([sys.executable, str(folder / "main.py")])

    return System(prepare, frozenset(WORKLOADS), window=False)


GOOD = """
print("ready")
print('{"workload": "events", "unit": "events/s", "value": 5}')
print('{"workload": "up_1MiB", "unit": "MB/s", "value": null, "error": "too large"}')
print("done", flush=True)
import time
time.sleep(60)
"""


def _unready(_folder: Path, _work: Work) -> Program:
    raise NotMeasured("there is no compiler")


@pytest.fixture
def systems(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        "good": _script(GOOD),
        "as good": _script(GOOD),
        "broken": _script("print('ready', flush=True)\nraise SystemExit('no such library')"),
        "stuck": _script("import time\ntime.sleep(60)"),
        "unready": System(_unready, frozenset(WORKLOADS), window=False),
    }
    monkeypatch.setattr(_systems, "SYSTEMS", table)
    monkeypatch.setattr(_run, "SYSTEMS", table)


@pytest.mark.usefixtures("systems")
def test_rounds_are_interleaved_and_begin_with_another_system_each(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = run_rounds(["good", "unready", "as good"], Work(), 2, idle=0)
    order = re.findall(r"round (\d) of 2, ([\w ]+)", capsys.readouterr().err)
    assert order == [("1", "good"), ("1", "unready"), ("1", "as good"), ("2", "as good"), ("2", "good")]
    assert outcome.not_measured == {"unready": "there is no compiler"}
    found = [sample for sample in outcome.samples if sample.workload not in ON_MACHINE]
    assert [(sample.system, sample.workload, sample.value) for sample in found] == [
        (system, *figure)
        for system in ("good", "as good", "as good", "good")
        for figure in (("events", 5), ("up_1MiB", None))
    ]
    assert all(
        sample.value > 0 for sample in outcome.samples if sample.workload in ON_MACHINE and sample.value is not None
    )
    assert [sample.workload for sample in outcome.samples if sample.workload in ON_MACHINE] == [*ON_MACHINE] * 4


@pytest.mark.usefixtures("systems")
def test_a_system_that_ends_or_hangs_is_told_with_the_reason_and_keeps_what_it_measured() -> None:
    broken = run_rounds(["broken"], Work(), 2)
    assert broken.not_measured == {"broken": "it ended with status 1; no such library"}
    assert [(sample.system, sample.workload) for sample in broken.samples] == [("broken", "ready")]
    stuck = run_rounds(["stuck"], Work(), 2, limit=0.3)
    assert stuck == Outcome([], {"stuck": "it did not finish in 0.3 s"})


@pytest.mark.parametrize(("only", "starts"), [(None, 2), ({"ready"}, 2), ({"events"}, 1)])
def test_a_system_is_started_once_before_its_start_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: set[str] | None, starts: int
) -> None:
    log = tmp_path / "starts"
    monkeypatch.setattr(_run, "SYSTEMS", {"good": _script(f"open({str(log)!r}, 'a').write('.')\n{GOOD}")})
    outcome = run_rounds(["good"], Work(None if only is None else frozenset(only)), 1, idle=0)
    assert log.read_text() == "." * starts
    assert len(outcome.samples) == len({sample.workload for sample in outcome.samples})


@pytest.mark.usefixtures("systems")
def test_only_what_was_asked_for_is_kept() -> None:
    outcome = run_rounds(["good"], Work(frozenset({"events"})), 1)
    assert [sample.workload for sample in outcome.samples] == ["events"]


def test_the_report_names_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = parse(["--json", str(tmp_path / "figures.json"), "--no-plot"])
    samples = [Sample("eel", "events", "events/s", 5.0), Sample("eel", "up_16MiB", "MB/s", None, "too large")]
    report(options, Outcome(samples, {"floor": "there is no compiler"}))
    said = capsys.readouterr().out
    assert "floor: not measured: there is no compiler" in said
    assert "eel up_16MiB: too large (failed)" in said
    assert json.loads((tmp_path / "figures.json").read_text("utf-8")) == [
        {"system": "eel", "workload": "events", "unit": "events/s", "median": 5.0, "min": 5.0, "max": 5.0}
    ]


@pytest.mark.parametrize("workload", DISPATCH)
def test_calls_without_a_page_are_all_answered(workload: str) -> None:
    assert 0 < dispatch(workload, 500) < 10_000


@pytest.mark.timeout(100)
def test_a_quick_run_measures_transom_on_every_runtime(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    needs_webkitgtk()
    needs_xvfb()
    needs_chromium()
    needs_npm_package("tauri-api-2.12")
    needs_npm_package("esbuild")
    path = tmp_path / "figures.json"
    status = main(["--quick", "--no-plot", "--json", str(path)])
    said = capfd.readouterr()
    assert status == 0, said.out + said.err
    figures = json.loads(path.read_text("utf-8"))
    pages = {("transom-webkitgtk", name) for name in QUICK} | {("transom-web", name) for name in QUICK}
    wanted = {pair for pair in pages if pair[1] not in DISPATCH} | {("transom-mock", name) for name in DISPATCH}
    assert {(figure["system"], figure["workload"]) for figure in figures} == wanted
    assert all(figure["min"] <= figure["median"] <= figure["max"] and figure["median"] > 0 for figure in figures)
