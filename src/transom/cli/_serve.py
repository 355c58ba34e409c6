"""`transom serve`: an application for many users, in any number of processes."""

from __future__ import annotations

import atexit
import inspect
import os
import secrets
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from ..app import App, Builder, generate_context
from ..core import warn_of_no_run
from ..errors import ConfigError
from ..runtimes import serve_processes

__all__ = ["application", "serve"]

TARGET: Final = "TRANSOM_SERVE"
"""The environment variable by which the processes learn what to serve."""


def serve(target: str, host: str, port: int, processes: int, *, is_factory: bool = False) -> int:
    """Serve until a signal comes, and return the exit status.

    Args:
        target: `module:name` of a `Builder`, an `App` or an ASGI application.
        host: Address to listen on.
        port: Port to listen on.
        processes: How many processes.
        is_factory: Whether the name is a function that returns one of them.

    Raises:
        ConfigError: The target is missing or of another kind, several processes have no engine in common, or the address
            cannot be listened on.
    """
    os.environ[TARGET] = f"{target}()" if is_factory else target
    found = _found()  # what is wrong is said here, once, and not by every process
    atexit.unregister(warn_of_no_run)  # the processes run it
    if hasattr(found, "server_options"):
        bus = getattr(found.server_options, "bus", None) or os.environ.get("TRANSOM_BUS", "memory")
        if processes > 1 and bus == "memory":
            raise ConfigError(
                f"transom serve --processes {processes}: the processes need an engine that carries events between them; start Redis "
                "or NATS, and set TRANSOM_BUS=redis://127.0.0.1:6379, nats://127.0.0.1:4222 or Builder.server(bus=...)"
            )
    _check_address(host, port)
    os.environ.setdefault("TRANSOM_SECRET", secrets.token_hex(32))
    serve_processes("transom.cli._serve:application", host, port, processes)
    return 0


def application() -> Any:
    """Return the ASGI application that the environment names: what each process serves."""
    found = _found()
    if isinstance(found, Builder):
        module = sys.modules[os.environ[TARGET].partition(":")[0]]
        found = found.build(generate_context(Path(str(module.__file__)).resolve().parent))
    return found.asgi() if isinstance(found, App) else found


def _found() -> Any:
    target = os.environ[TARGET]
    module, _, name = target.removesuffix("()").partition(":")
    if not name:
        raise ConfigError(f"transom serve: {target!r} is not a target; write module:name, such as app:builder")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        found: Any = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"transom serve: {target} cannot be loaded: {error}; write module:name, and run this in the folder of the module"
        ) from None
    if target.endswith("()"):
        found = found()
    if not (isinstance(found, Builder | App) or _takes_asgi(found)):
        raise ConfigError(
            f"transom serve: {target} is a {type(found).__name__}, which cannot be served; name a Builder, an App or an ASGI "
            "application, or add --factory if the name is a function that returns one"
        )
    return found


def _takes_asgi(found: Any) -> bool:
    """Return whether an object can be called as an ASGI application, with `scope`, `receive` and `send`."""
    try:
        inspect.signature(found).bind(None, None, None)
    except TypeError:
        return False
    except ValueError:  # a callable without a signature, such as one in C
        return True
    return True


def _check_address(host: str, port: int) -> None:
    """Raise what is wrong with the address once, as a sentence; the processes would each log an error."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise ConfigError(
            f"transom serve cannot listen on {host}:{port}: {error.strerror}; choose another address with --host and --port"
        ) from None
