"""An application whose calls travel by a scheme of its own and come back as scripts: `message_system.py FOLDER RUNTIME`."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from transom import AppHandle, Builder, CommandError, Request, Webview, command, generate_context, generate_handler
from transom.errors import NotAllowed
from transom.runtimes import UriSchemeContext, UriSchemeRequest, UriSchemeResponse
from transom.values._callback import CallbackFn
from transom.values._response import InvokeResponse
from transom.wire import format_callback
from transom.wire._request import InvokeRequest


def _tell(line: str) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


SCRIPT = """
window.__TAURI_INTERNALS__.postMessage = (message) => {
  const headers = Object.fromEntries(new Headers(message.options?.headers));
  const body = JSON.stringify({ ...message, headers });
  fetch(window.__TAURI_INTERNALS__.convertFileSrc('call', 'calls'), { method: 'POST', body });
};
"""


@command
async def add(left: int, right: int) -> int:
    return left + right


@command
def long() -> list[str]:
    return ["it's \\ long"] * 2000


@command
async def echo(text: str) -> str:
    return text


@command
def fails() -> None:
    raise CommandError({"kind": "no"})


@command
async def agent(request: Request) -> str:
    return request.headers["agent"]


@command
def report(line: str) -> None:
    _tell(line)


def take(context: UriSchemeContext[AppHandle], request: UriSchemeRequest) -> UriSchemeResponse:
    message = json.loads(request.body)
    webview = context.app_handle.get_webview(context.webview_label)
    assert webview is not None
    call: dict[str, Any] = {
        "cmd": message["cmd"],
        "callback": CallbackFn(message["callback"]),
        "error": CallbackFn(message["error"]),
        "body": message["payload"],
        "headers": message["headers"],
    }
    if message["cmd"] == "long":
        try:
            webview.on_message(InvokeRequest(**call, invoke_key="forged"))
        except NotAllowed as error:
            _tell(str(error))
    webview.on_message(InvokeRequest(**call, invoke_key=message["__TAURI_INVOKE_KEY__"]))
    return UriSchemeResponse(b"taken")


def answer(webview: Webview, cmd: str, response: InvokeResponse, callback: CallbackFn, error: CallbackFn) -> None:
    value = response.body.deserialize()
    webview.eval(format_callback.format_result(response.is_ok, value, callback, error))


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr)
    raise SystemExit(
        Builder()
        .invoke_handler(generate_handler(sys.modules[__name__]))
        .register_uri_scheme_protocol("calls", take)
        .invoke_system(SCRIPT, answer)
        .web(open_browser=False)
        .run(generate_context(sys.argv[1]), sys.argv[2])
    )
