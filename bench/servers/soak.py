"""Opens and closes sessions, and shows whether anything of them stays: `python -m bench.servers.soak`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from ._pages import TransomPage
from ._programs import Served, engine, served

__all__ = ["main", "soak"]

_AT_ONCE = 25
# Blocks that Python holds for each session that has ended. The server remembers the key of each document for some minutes,
# at most 10,000 of them, so that none opens two links: that is two blocks, the key and its time.
_BLOCKS = 2.5
_LOOKS = 40  # at what is left: a lost page is kept for a second, its session one more, its last calls for three


async def soak(server: Served, sessions: int, parts: int = 10) -> list[dict[str, int]]:
    """Open and close sessions, a part at a time, and return the server's figures after each.

    Half of them end by a command, and half by a connection that breaks.
    """
    watcher = TransomPage(server.port, "watcher")
    await watcher.open()
    rows = []
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> None:
        async with gate:
            page = TransomPage(server.port, f"user{number}")
            await page.open()
            await page.listen()
            await page.call("use")
            if await page.call("echo", text="here") != "here":
                raise AssertionError("a page got another answer")
            if number % 2:
                page.close()
            else:
                leaving = asyncio.ensure_future(page.call("leave"))
                await page.over.wait()
                leaving.cancel()

    share = sessions // parts
    for part in range(parts):
        await asyncio.gather(*(one(part * share + number) for number in range(share)))
        rows.append({"ended": (part + 1) * share, **await _settled(watcher)})
        print("  ".join(f"{name} {value:>9}" for name, value in rows[-1].items()), flush=True)
    watcher.close()
    return rows


async def _settled(watcher: TransomPage) -> dict[str, int]:
    """Return the server's figures when every session but the watcher's has ended, or none does any more."""
    for _ in range(_LOOKS):
        figures: dict[str, int] = await watcher.call("figures")
        if figures["sessions"] == 1:
            break
        await asyncio.sleep(0.5)
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it, and return 1 if anything stays."""
    parser = argparse.ArgumentParser("bench.servers.soak", description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000, help="how many (default: 10,000)")
    parser.add_argument("--bus", default="redis", choices=("memory", "redis", "nats"))
    given = parser.parse_args(arguments)
    print(f"load before: {os.getloadavg()[0]:.1f}")
    with engine(given.bus) as address, served("transom", address) as server:
        rows = asyncio.run(soak(server, given.sessions))
    print(f"load after: {os.getloadavg()[0]:.1f}")
    first, last = rows[0], rows[-1]
    grown = (last["blocks"] - first["blocks"]) / (last["ended"] - first["ended"])
    print(f"{grown:.2f} blocks for each session between {first['ended']} and {last['ended']}; allowed are {_BLOCKS}")
    return int(grown > _BLOCKS or last["sessions"] != 1)


if __name__ == "__main__":
    sys.exit(main())
