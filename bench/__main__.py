"""Run the benchmark with `python -m bench`: measure the systems, print tables, and write the figures and a chart."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from ._curve import run_curves
from ._plot import plot
from ._run import Outcome, run_rounds
from ._systems import ALIASES, DISPATCH, RUST_INVOKES, SYSTEMS, WORKLOADS, NotMeasured, Work
from ._table import failures, figures_of, figures_table, ratios_table
from .bundle import measure as measure_bundle
from .bundle import table as table_of_bundle
from .plugins import Figure, Limits, measure, measure_tauri, table
from .reload import measure as measure_reload
from .reload import table as table_of_reload
from .servers.__main__ import main as measure_servers
from .worker._project import RUNTIMES

__all__ = ["Options", "main", "parse"]

Figures = TypeVar("Figures")
RESULTS = Path(__file__).parent / "results"
QUICK = ("ready", "invoke_seq", "invoke_50", "up_1MiB", "down_1MiB", "channel_small", "events", *DISPATCH)
QUICK_SCALE = 0.1


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the command line.

    Attributes:
        only: Names of the workloads; `None` for all.
        scale: A factor for every count.
        json: The file for the figures.
        plot: The file for the chart; `None` draws no chart.
        curve: Whether to measure the scaling curves of transom instead of the workloads.
        plugins: Whether to measure the official plugins instead of the workloads.
        reload: Whether to measure `transom dev` instead of the workloads.
        bundle: Whether to measure the start and the size of bundles instead of the workloads.
        server: Whether to measure servers for many users instead of the workloads.
    """

    systems: tuple[str, ...]
    only: frozenset[str] | None
    rounds: int
    scale: float
    json: Path
    plot: Path | None
    curve: bool = False
    plugins: bool = False
    reload: bool = False
    bundle: bool = False
    server: bool = False


def parse(arguments: Sequence[str]) -> Options:
    """Parse the command line. Invalid arguments end the program with status 2 and an error message."""
    names = ", ".join([*ALIASES, *SYSTEMS])
    parser = argparse.ArgumentParser("make bench", description="Compare transom with its peers. Pass options in ARGS.")
    parser.add_argument("--systems", metavar="A,B", help=f"systems to measure: {names} (default: all)")
    parser.add_argument("--only", metavar="A,B", help=f"workloads to run: {', '.join(WORKLOADS)} (default: all)")
    parser.add_argument("--rounds", type=_positive, metavar="N", help="number of runs of every system (default: 3)")
    parser.add_argument(
        "--json", type=Path, metavar="PATH", help="file for the figures (default: bench/results/bench.json)"
    )
    parser.add_argument("--quick", action="store_true", help="smoke test: only transom, a tenth of the work, one round")
    parser.add_argument("--curve", action="store_true", help="measure how transom scales instead of the workloads")
    parser.add_argument("--plugins", action="store_true", help="measure the official plugins instead of the workloads")
    parser.add_argument(
        "--reload", action="store_true", help="measure how soon `transom dev` answers with new code, N times"
    )
    parser.add_argument("--bundle", action="store_true", help="measure start and size of bundles, beside pywebview's")
    parser.add_argument("--server", action="store_true", help="measure servers for many users: see bench.servers")
    parser.add_argument("--no-plot", action="store_true", help="do not draw a chart")
    given = parser.parse_args(arguments)
    systems = _names(
        parser, "--systems", given.systems, (*ALIASES, *SYSTEMS), ["transom"] if given.quick else list(SYSTEMS)
    )
    only = _names(parser, "--only", given.only, WORKLOADS, list(QUICK) if given.quick else [])
    chosen = ("curve", "plugins", "reload", "bundle", "quick")
    name = "-".join(word for word in chosen if getattr(given, word)) or "bench"
    return Options(
        systems=tuple(dict.fromkeys(part for system in systems for part in ALIASES.get(system, (system,)))),
        # A workload is also compared with Tauri's command in Rust.
        only=frozenset([*only, *(f"rust_{name}" for name in only if f"rust_{name}" in RUST_INVOKES)]) or None,
        rounds=given.rounds or (1 if given.quick else 3),
        scale=QUICK_SCALE if given.quick else 1.0,
        json=given.json or RESULTS / f"{name}.json",
        plot=None if given.no_plot else RESULTS / f"{name}.svg",
        curve=given.curve,
        plugins=given.plugins,
        reload=given.reload,
        bundle=given.bundle,
        server=given.server,
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not a number of rounds; use 1 or more")
    return number


def _names(
    parser: argparse.ArgumentParser, option: str, given: str | None, known: Sequence[str], default: list[str]
) -> list[str]:
    names = default if given is None else [name for name in map(str.strip, given.split(",")) if name]
    if given is not None and not names:
        parser.error(f"{option}: expected at least one name")
    unknown = [name for name in names if name not in known]
    if unknown:
        parser.error(f"{option}: unknown name {unknown[0]!r}; the names are {', '.join(known)}")
    return names


def report(options: Options, outcome: Outcome) -> None:
    """Print the tables and the reasons for missing figures, and write the files."""
    figures = figures_of(outcome.samples)
    if figures:
        rounds = f"{options.rounds} rounds" if options.rounds > 1 else "1 round"
        print(f"\n{_machine()}\nMedian of {rounds} (smallest-largest):\n\n{figures_table(figures)}")
    ratios = ratios_table(figures)
    if ratios:
        print(f"\nHow many times better; below 1 is worse:\n\n{ratios}")
    missing = [f"{system}: not measured: {reason}" for system, reason in outcome.not_measured.items()]
    for sentence in [*missing, *(f"{sentence} (failed)" for sentence in failures(outcome.samples))]:
        print(f"\n{sentence}")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_bytes(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
    print(f"\nfigures: {options.json}")
    if options.plot is not None and figures:
        options.plot.parent.mkdir(parents=True, exist_ok=True)
        options.plot.write_text(plot(figures, f"transom and its peers: {_machine()}"), "utf-8")
        print(f"chart: {options.plot}")


def _machine() -> str:
    load = os.getloadavg()[0]
    busy = f", load {load:.1f} (busy: expect noise)" if load > (os.cpu_count() or 1) else ""
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}{busy}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def run_plugins(options: Options) -> int:
    """Measure the official plugins beside Tauri's, print the table, and write the figures."""
    limits = Limits() if options.scale == 1.0 else Limits(largest=1 << 20, scale=options.scale)
    peer: list[Figure] = []
    try:
        figures = measure(limits)
    except NotMeasured as error:
        print(f"not measured: {error}")
        return 1
    try:
        peer = measure_tauri(limits)
    except NotMeasured as error:
        print(f"Tauri's plugins are not measured: {error}")
    return _write(options, table(figures, peer), {"transom": figures, "tauri": peer})


def run_one(options: Options, measure: Callable[[int], Figures], table: Callable[[Figures], str]) -> int:
    """Measure one thing in as many rounds as the options say, print its table, and write the figures."""
    try:
        figures = measure(options.rounds)
    except NotMeasured as error:
        print(f"not measured: {error}")
        return 1
    return _write(options, table(figures), figures)


def _write(options: Options, text: str, figures: object) -> int:
    print(f"{_machine()}\n\n{text}")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_bytes(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
    print(f"\nfigures: {options.json}")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit status: 1 if transom failed or nothing was measured."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    if options.curve:
        runtimes = [name for name in RUNTIMES if f"transom-{name}" in options.systems]
        return run_curves(runtimes, options.scale, options.json, options.plot, f"transom: {_machine()}")
    if options.plugins:
        return run_plugins(options)
    if options.reload:
        return run_one(options, measure_reload, table_of_reload)
    if options.bundle:
        return run_one(options, measure_bundle, table_of_bundle)
    if options.server:
        return measure_servers(["--pages", "20,100", "--seconds", "1"] if options.scale < 1 else [])
    outcome = run_rounds(options.systems, Work(options.only, options.scale), options.rounds)
    report(options, outcome)
    own = ALIASES["transom"]
    failed = [sample for sample in outcome.samples if sample.error and sample.system in own]
    return 1 if failed or not outcome.samples or outcome.not_measured.keys() & set(own) else 0


if __name__ == "__main__":
    sys.exit(main())
