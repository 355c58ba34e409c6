"""The endurance run: its arithmetic, its command line, what it sees of processes, and a short run on each runtime."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bench.endurance import __main__ as command_line
from bench.endurance._drive import drive
from bench.endurance._judge import Result, Sample, faults, left_over, thirds
from bench.endurance._phases import PHASES, Amount, Phase, phases_of
from bench.endurance._processes import memory_by_role, pages_of, signal_pages, tree_of
from bench.endurance._program import BATCHES
from bench.worker import _commands
from tests.requirements import ROOT, needs_chromium, needs_npm_package, needs_webkitgtk, needs_xvfb

PHASE = Phase("messages", "messages", Amount(900, 100), 60, 1)


def result(app: list[float], **changes: object) -> Result:
    samples = [Sample(done=i + 1, app=mb, page=100.0, rest=50.0) for i, mb in enumerate(app)]
    given = {"runtime": "web", "phase": PHASE, "done": 900, "samples": samples, **changes}
    return Result(**given)  # type: ignore[arg-type]


def test_the_last_third_is_compared_with_the_middle_one() -> None:
    assert thirds(result([1, 1, 1, 10, 11, 90, 20, 20, 25]).samples, "app") == (10, 20)
    waves = [100.0 + i % 7 for i in range(90)]
    assert thirds(result(waves).samples, "app") == (100, 100)
    assert thirds(result([7]).samples, "app") == (7, 7)
    assert thirds([], "app") == (0, 0)


@pytest.mark.parametrize(("last", "grown"), [(100.0, False), (102.9, False), (103.1, True), (50.0, False)])
def test_memory_may_grow_by_three_parts_of_a_hundred(last: float, grown: bool) -> None:
    found = faults(result([20.0] * 3 + [100.0] * 3 + [last] * 3), short=False)
    assert found == ([f"memory of app grew from 100.0 to {last:.1f} MB"] if grown else [])


@pytest.mark.parametrize(
    ("runtime", "last", "grown"),
    [
        ("webkitgtk", 102.0, []),
        ("webkitgtk", 125.0, ["page"]),
        ("webkitgtk", 127.0, ["app", "page"]),
        ("web", 108.0, ["app"]),
        ("web", 110.0, ["app", "page"]),
    ],
)
def test_what_the_platform_keeps_of_closed_windows_is_not_ours(runtime: str, last: float, grown: list[str]) -> None:
    phase = Phase("windows", "windows", Amount(2000, 20), 60, 1)
    samples = [Sample(done=1, app=mb, page=mb, rest=50.0) for mb in [20.0] * 3 + [100.0] * 3 + [last] * 3]
    found = faults(result([], samples=samples, runtime=runtime, phase=phase, done=2000), short=False)
    assert [fault.split()[2] for fault in found] == grown


@pytest.mark.parametrize(
    ("runtime", "name", "done", "most"), [("webkitgtk", "bulk", 100_000, 136.3), ("web", "reloads", 2000, 106.3)]
)
def test_what_the_platform_keeps_of_reads_and_loads_is_not_ours(
    runtime: str, name: str, done: int, most: float
) -> None:
    phase = Phase(name, name, Amount(done, 20), 60, 1)
    for last, grown in ((most, 0), (most + 0.1, 1)):
        samples = [Sample(done=1, app=20.0, page=mb, rest=50.0) for mb in [20.0] * 3 + [100.0] * 3 + [last] * 3]
        given = result([], samples=samples, runtime=runtime, phase=phase, done=done)
        assert len(faults(given, short=False)) == grown


def test_the_memory_of_killed_pages_is_not_compared() -> None:
    samples = [Sample(done=1, app=20.0, page=mb, rest=50.0) for mb in [100.0] * 6 + [200.0] * 3]
    for name, faulty in (("kills", 0), ("messages", 1)):
        phase = Phase(name, name, Amount(20, 1), 60, 1)
        assert len(faults(result([], samples=samples, phase=phase), short=False)) == faulty


def test_pages_that_were_not_found_are_a_fault() -> None:
    samples = [Sample(done=1, app=20.0, page=0.0, rest=50.0)] * 9
    [found] = faults(result([], samples=samples), short=True)
    assert "no process that runs a page was found" in found


def test_a_short_run_tells_a_flood_from_noise() -> None:
    assert faults(result([20.0] * 3 + [100.0] * 3 + [180.0] * 3), short=True) == []
    assert faults(result([20.0] * 3 + [100.0] * 3 + [300.0] * 3), short=True) != []


def test_few_samples_are_no_thirds() -> None:
    assert faults(result([1.0, 100.0, 900.0]), short=False) == []


def test_what_is_left_over_is_named_and_what_is_gone_is_fine() -> None:
    counts = result([1.0], before={"tasks": 3, "files": 9}, after={"tasks": 4, "files": 8, "object x.Y": 1})
    assert left_over(counts) == [("object x.Y", 0, 1), ("tasks", 3, 4)]
    assert faults(counts, short=True) == ["object x.Y: 0 before, 1 after", "tasks: 3 before, 4 after"]


def test_a_phase_that_broke_off_or_did_nothing_is_a_fault() -> None:
    assert faults(result([], done=0, failed="stuck"), short=True) == ["stuck", "nothing was done"]


def test_the_full_amounts_are_those_that_are_promised() -> None:
    promised = re.findall(
        r"^\| `(\w+)` \| ([\d,]+)( GB)? \|", (ROOT / "docs" / "performance.md").read_text("utf-8"), re.MULTILINE
    )
    assert {phase.name: phase.amount.whole for phase in phases_of(60)} == {
        name: int(amount.replace(",", "")) * (1000 if unit else 1) for name, amount, unit in promised
    }
    assert sum(phase.seconds for phase in phases_of(60)) == pytest.approx(3600)
    assert [phase.name for phase in phases_of(1, only=["kills"])] == ["kills"]
    assert set(PHASES) == set(BATCHES)


def test_the_page_calls_commands_that_there_are() -> None:
    page = (ROOT / "bench" / "worker" / "page.js").read_text("utf-8")
    called = set(re.findall(r"invoke\('(\w+)'", page)) | set(re.findall(r"'(echo_\w+)'", page))
    assert called
    assert all(hasattr(_commands, name) for name in called)


def test_a_mistake_on_the_command_line_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, word in ((["--phases", "x"], "unknown phase 'x'"), (["--minutes", "0"], "positive number")):
        with pytest.raises(SystemExit) as ended:
            command_line.parse(arguments)
        assert ended.value.code == 2
        assert word in capsys.readouterr().err


def test_the_status_says_whether_something_was_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [result([1.0])]
    monkeypatch.setattr(command_line, "drive", lambda runtime, phases: found)
    path = tmp_path / "figures.json"
    arguments = ["--short", "--runtime", "web", "--json", str(path)]
    assert command_line.main(arguments) == 0
    assert msgspec.json.decode(path.read_bytes(), type=list[Result]) == found
    found[:] = [result([1.0], before={"tasks": 1}, after={"tasks": 2})]
    assert command_line.main(arguments) == 1
    assert "web messages: tasks: 1 before, 2 after" in capsys.readouterr().out


def test_processes_are_found_by_what_they_are_and_can_be_ended(tmp_path: Path) -> None:
    page = tmp_path / "WebKitWebProcess"
    page.symlink_to(sys.executable)
    script = f"import subprocess; subprocess.run([{str(page)!r}, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "1\n"
        tree = tree_of([parent.pid])
        memory = memory_by_role(parent.pid, [parent.pid])
        spared = signal_pages([parent.pid], signal.SIGKILL, but_busiest=True)
        left = len(pages_of(tree))
        ended = signal_pages([parent.pid], signal.SIGKILL)
        assert parent.wait(20) == 0
    assert (len(tree), spared, left, ended) == (2, 1, 1, 1)
    assert memory["app"] > 0
    assert memory["page"] > 0
    assert memory["rest"] == 0


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("runtime", "phases"),
    [
        ("webkitgtk", "messages,invokes,bulk,reloads,kills"),
        ("web", "messages,invokes,bulk,reloads,kills,slow"),
        ("webkitgtk", "windows,slow"),
        ("web", "windows"),
    ],
)
def test_a_short_run_leaves_nothing_behind(runtime: str, phases: str) -> None:
    if runtime == "webkitgtk":
        needs_webkitgtk()
        needs_xvfb()
    else:
        needs_chromium()
    needs_npm_package("tauri-api-2.12")
    needs_npm_package("esbuild")
    wanted = phases.split(",")
    results = drive(runtime, phases_of(0.25, short=True, only=wanted))
    assert {found.phase.name: faults(found, short=True) for found in results} == {name: [] for name in wanted}
    assert all(found.done > 0 and found.after for found in results)
