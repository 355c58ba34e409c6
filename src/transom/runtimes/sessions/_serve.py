"""The processes of a server."""

from __future__ import annotations

__all__ = ["serve_processes"]


def serve_processes(factory: str, host: str, port: int, processes: int) -> None:
    """Serve an ASGI application in several processes that share one port, until a signal comes.

    A process that dies is started again.

    Args:
        factory: `module:name` of a function that returns the application.
        host: Address to listen on.
        port: Port to listen on.
        processes: How many processes.
    """
    import uvicorn

    uvicorn.run(
        factory,
        factory=True,
        host=host,
        port=port,
        workers=processes,
        http="transom.runtimes.web._connections:ServedProtocol",
        ws="transom.runtimes.web.sockets:LinkProtocol",
        ws_max_size=1 << 28,
        ws_per_message_deflate=False,
        server_header=False,
        access_log=False,
        log_level="warning",
    )
