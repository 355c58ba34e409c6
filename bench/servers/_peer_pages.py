"""Pages of the systems beside transom."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from ._pages import Calls, TransomPage
from ._socket import fetch, open_socket

__all__ = ["PAGES"]

_CLIENT = re.compile(rb"[\"']client_id[\"']: ?[\"']([0-9a-f-]+)")
_LISTENER = re.compile(rb'"([0-9]+)":\{"tag":"div","events":\[\{"listener_id":"([0-9a-f-]+)","type":"called"')
_WIDGET = re.compile(rb"\$\$ID-[0-9a-f]+-text")
_SHOWN = re.compile(rb"answer ([0-9]+):([0-9a-zA-Z ]*)")


class SocketIoPage(Calls):
    """A page of python-socketio, over a WebSocket from the start."""

    system = "python-socketio"

    async def open(self) -> None:
        """See `LoadPage`."""
        await self._connect("/socket.io/?EIO=4&transport=websocket")

    async def _connect(self, path: str) -> None:
        self._ready = asyncio.Event()
        headers = {"Cookie": f"who={self.user}"}
        self._socket = await open_socket(self.port, path, headers, self._receive, self._ended)
        await asyncio.wait_for(self._ready.wait(), 60)

    def _receive(self, data: bytes) -> None:
        text = data.decode()
        if text[:1] == "0":
            self._send("40")
        elif text[:2] == "40":
            self._ready.set()
        elif text == "2":
            self._send("3")
        elif text[:2] == "43":
            number, bracket, rest = text[2:].partition("[")
            self._answer(int(number), (json.loads(bracket + rest) or [None])[0])
        elif text[:2] == "42":
            self._event(json.loads(text[2:]))

    def _event(self, event: list[Any]) -> None:
        self.heard(event[1])

    async def call(self, command: str, **arguments: Any) -> Any:
        """See `LoadPage`."""
        number, answer = self._begin()
        self._send(f"42{number}" + json.dumps([command, arguments], separators=(",", ":")))
        return await answer

    async def listen(self) -> None:
        """Do nothing: every event comes."""


class NiceGuiPage(SocketIoPage):
    """A page of NiceGUI, which is one of Socket.IO with a document: it calls by an event, and is answered by a script."""

    system = "nicegui"

    async def open(self) -> None:
        """See `LoadPage`."""
        document = await fetch(self.port, "/", {"Cookie": f"who={self.user}"})
        client, called = _CLIENT.search(document), _LISTENER.search(document)
        if client is None or called is None:
            raise AssertionError("the document of NiceGUI has another form than expected")
        self._client, self._element, self._listener = client[1].decode(), int(called[1]), called[2].decode()
        about = {"client_id": self._client, "tab_id": self.user, "document_id": self.user, "next_message_id": "0"}
        query = "&".join(f"{name}={value}" for name, value in {**about, "implicit_handshake": "true"}.items())
        await self._connect(f"/_nicegui_ws/socket.io/?EIO=4&transport=websocket&{query}")

    def _event(self, event: list[Any]) -> None:
        if event[0] == "run_javascript" and event[1]["code"].startswith("answer("):
            words = json.loads(event[1]["code"][7:-1])
            if words[0] == "told":
                self.heard(words[1])
            else:
                self._answer(*words)

    async def call(self, command: str, **arguments: Any) -> Any:
        """See `LoadPage`."""
        number, answer = self._begin()
        given = [json.dumps(each) for each in (number, command, arguments)]
        about = {"id": self._element, "client_id": self._client, "listener_id": self._listener, "args": given}
        self._send("42" + json.dumps(["event", about], separators=(",", ":")))
        return await answer


class StreamlitPage(Calls):
    """A page of Streamlit: a call is a new text in a field, and its answer is the text that the script then shows.

    Calls that come while the script runs are answered together, as Streamlit runs it once more for all of them.
    """

    system = "streamlit"

    async def open(self) -> None:
        """See `LoadPage`."""
        await fetch(self.port, "/", {})
        self._widget: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        headers = {"Sec-WebSocket-Protocol": "streamlit"}
        self._socket = await open_socket(self.port, "/_stcore/stream", headers, self._receive, self._ended)
        self._run(b"")
        await asyncio.wait_for(asyncio.shield(self._widget), 60)

    def _receive(self, data: bytes) -> None:
        if not self._widget.done() and (found := _WIDGET.search(data)):
            self._widget.set_result(found[0])
        if shown := _SHOWN.search(data):
            for number in [each for each in self._waiting if each <= int(shown[1])]:
                self._answer(number, shown[2].decode())

    def _run(self, states: bytes) -> None:
        """Let the script run; these are the fields of `BackMsg` and `ClientState` in Streamlit's protocol."""
        if self._socket is None or self.over.is_set():
            raise ConnectionError("the link has ended")
        self._socket.send_binary(_field(11, _field(2, states) if states else b""))

    async def call(self, command: str, **arguments: Any) -> Any:
        """See `LoadPage`; whatever the command is, the argument comes back."""
        number, answer = self._begin()
        state = _field(1, await asyncio.shield(self._widget)) + _field(6, f"{number}:{arguments['text']}".encode())
        self._run(_field(1, state))
        return await answer

    async def listen(self) -> None:
        """Do nothing: there are no events."""


def _field(number: int, data: bytes) -> bytes:
    """Return a field of a message of Protocol Buffers that holds bytes or another message."""
    return _number(number << 3 | 2) + _number(len(data)) + data


def _number(value: int) -> bytes:
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    return bytes((*written, value))


class FloorPage(Calls):
    """A bare WebSocket on the same server program: what nobody can be below."""

    system = "floor"

    async def open(self) -> None:
        """See `LoadPage`."""
        self._socket = await open_socket(self.port, "/", {}, self._receive, self._ended)

    def _receive(self, data: bytes) -> None:
        number, value = json.loads(data)
        self._answer(number, value)

    async def call(self, command: str, **arguments: Any) -> Any:
        """See `LoadPage`; whatever the command is, the argument comes back."""
        number, answer = self._begin()
        self._send(json.dumps([number, arguments["text"]]))
        return await answer

    async def listen(self) -> None:
        """Do nothing: there are no events."""


PAGES = {page.system: page for page in (TransomPage, SocketIoPage, NiceGuiPage, StreamlitPage, FloorPage)}
"""The pages of each system. Add a peer here, and its program in `_programs.py`."""
