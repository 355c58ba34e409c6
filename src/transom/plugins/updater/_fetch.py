"""Asks update servers. In a worker: it waits."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Sequence
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import IO, Any

from ...errors import CommandError

__all__ = ["SECONDS", "fetch"]

SECONDS = 60.0
"""Time without a byte after which a server is given up, where the page sets no other."""


_MOST_SECONDS = 86_400.0  # the system takes no time without end


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but none from https to http."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        if req.type == "https" and not newurl.lower().startswith("https:"):
            raise CommandError(
                f"the update server redirects from https to {newurl.partition(':')[0]}, which is refused"
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def fetch(
    url: str, accept: str, headers: Sequence[tuple[str, str]], timeout: float | None, proxy: str | None
) -> HTTPResponse:
    """Ask a server and return its answer, to be read and closed.

    Args:
        url: Address.
        accept: The media type that is wanted.
        headers: More headers.
        timeout: Milliseconds; `None` for a minute.
        proxy: Address of a proxy; `None` for those of the environment.

    Raises:
        CommandError: The address is none of http or https, the server cannot be reached, or its status is no success.
    """
    if not url.lower().startswith(("http:", "https:")):
        raise CommandError(f"the update's address is neither http nor https: {url}")
    proxies = urllib.request.ProxyHandler(None if proxy is None else {"http": proxy, "https": proxy})
    opener = urllib.request.build_opener(proxies, _Redirects)
    try:
        request = urllib.request.Request(url, headers={"Accept": accept, "User-Agent": "transom-updater"})  # noqa: S310
        for name, value in headers:
            request.add_header(name, value)
        seconds = SECONDS if timeout is None else min(max(timeout / 1000, 0.001), _MOST_SECONDS)
        answer: Any = opener.open(request, timeout=seconds)
    except urllib.error.HTTPError as error:
        error.close()
        raise CommandError(f"the update server answers {error.code} {error.reason}") from None
    except (OSError, ValueError, HTTPException) as error:
        # The text of an URLError is in angle brackets, which a page may show as a tag.
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise CommandError(f"the update server cannot be reached: {reason}") from None
    return answer  # type: ignore[no-any-return]
