"""Run the endurance test with `python -m bench.endurance`; the exit status is 1 if anything has grown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from bench._systems import NotMeasured
from bench._table import markdown
from bench.worker._project import RUNTIMES

from ._drive import drive
from ._judge import Result, can_be_judged, faults, thirds
from ._phases import PHASES, SHORT, phases_of

__all__ = ["main", "report"]


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the command line. Invalid arguments end the program with status 2 and an error message."""
    parser = argparse.ArgumentParser(
        "make endurance", description="Run traffic for a long time. Pass these options in ARGS."
    )
    parser.add_argument("--minutes", type=_positive, metavar="N", help="maximum time for each runtime (default: 60)")
    parser.add_argument("--short", action="store_true", help=f"small amounts, for at most {SHORT:g} minute")
    parser.add_argument("--runtime", choices=RUNTIMES, help="run only this runtime (default: both)")
    parser.add_argument("--phases", metavar="A,B", help=f"phases to run: {', '.join(PHASES)} (default: all)")
    parser.add_argument("--json", type=Path, metavar="PATH", help="file for counts and samples")
    given = parser.parse_args(arguments)
    given.phases = PHASES if given.phases is None else tuple(given.phases.split(","))
    unknown = [name for name in given.phases if name not in PHASES]
    if unknown:
        parser.error(f"--phases: unknown phase {unknown[0]!r}; the phases are {', '.join(PHASES)}")
    given.minutes = given.minutes or (SHORT if given.short else 60.0)
    return given


def _positive(text: str) -> float:
    minutes = float(text)
    if minutes <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number of minutes")
    return minutes


def report(results: Sequence[Result], *, short: bool) -> str:
    """Return a table with the results of the phases, and a sentence for each fault."""
    rows = [["runtime", "phase", "reached", "s", "app MB", "pages MB", "others MB", "verdict"]]
    sentences = []
    for result in results:
        wrong = faults(result, short=short)
        memory = ["{:.1f} → {:.1f}".format(*thirds(result.samples, role)) for role in ("app", "page", "rest")]
        whole = result.phase.amount.whole
        reached = f"{result.done:,} {result.phase.unit}" + (f" of {whole:,}" if result.done < whole else "")
        rows.append(
            [result.runtime, result.phase.name, reached, f"{result.seconds:.0f}", *memory, _verdict(result, wrong)]
        )
        sentences += [f"{result.runtime} {result.phase.name}: {sentence}" for sentence in wrong]
    return "\n".join([markdown(rows), "", *sentences])


def _verdict(result: Result, wrong: Sequence[str]) -> str:
    if wrong:
        return f"{len(wrong)} wrong"
    return "flat" if can_be_judged(result) else "memory not judged"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the test and return the exit status: 1 if anything has grown, was left over, failed or could not run."""
    given = parse(sys.argv[1:] if arguments is None else arguments)
    phases = phases_of(given.minutes, short=given.short, only=given.phases)
    results: list[Result] = []
    missing = []
    for runtime in [given.runtime] if given.runtime else RUNTIMES:
        try:
            results += drive(runtime, phases)
        except NotMeasured as error:
            missing.append(f"{runtime} could not be run: {error}")
    print("\nMemory: the level to which it returns in the middle third → in the last third of each phase.\n")
    print(report(results, short=given.short))
    print("\n".join(missing))
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
    return 1 if missing or any(faults(result, short=given.short) for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
