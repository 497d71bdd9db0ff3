"""The server: a page for everyone who comes, all trained by the same few threads."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

import panel as pn
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from mlplab.errors import MlplabError
from mlplab.playground.live import Live
from mlplab.playground.warming import Warming
from mlplab.playground.workers import Workers

LOCAL = ("127.0.0.1", "localhost")

UNUSED_SESSION = 60_000
"""Milliseconds after which the session of a page that is gone is let go."""

STYLE = """
html, body { margin: 0; padding: 0; }
body { background: #f3f5f8; }
html[data-mlplab-theme="dark"] body { background: #11151a; }
"""

HEAD = """
{% block postamble %}<meta name="viewport" content="width=device-width, initial-scale=1">{% endblock %}
"""
"""What the page's head has besides Panel's: without it, a tablet lays the page out 980 pixels wide."""


class Playground:
    """What all pages of a process share: the workers, and a compiled engine."""

    def __init__(self) -> None:
        self.workers = Workers()
        self.populations = Workers(threads=1)
        self.warming = Warming()

    def new_page(self) -> Any:
        """Return a page with a session of its own, which ends with the page."""
        self.warming.start()
        live = Live(self.workers, self.populations, self.warming)
        if pn.state.curdoc is not None and pn.state.curdoc.session_context is not None:
            pn.state.on_session_destroyed(lambda context: live.close())
            pn.state.curdoc.template = HEAD  # type: ignore[assignment]  # text will do
        return live.page


def serve(
    port: int = 5006,
    address: str = "127.0.0.1",
    allow_origin: Sequence[str] = (),
    *,
    open_browser: bool = True,
    announce: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve the playground until interrupted.

    Parameters
    ----------
    port : int
        0 for any that is free.
    address : str
        Where to listen; other machines reach it only if this is not a local one.
    allow_origin : sequence of str
        `host:port`, or host, by which a browser may call this server; needed where the address is not
        local.
    open_browser : bool
        Whether to open the page in the browser.
    announce : callable
        Called with the page's address once it can be visited.

    Raises
    ------
    MlplabError
        If the port is taken or cannot be, or a public address comes without allowed origins.
    """
    port = usable_port(port, address, allow_origin)
    server = _make_server(Playground(), port, address, allow_origin, show=open_browser)
    server.start()
    announce(page_address(address, port))
    server.io_loop.start()


def page_address(host: str, port: int) -> str:
    """Return what a browser takes for a host and a port.

    >>> page_address("127.0.0.1", 5006), page_address("::1", 5006)
    ('http://127.0.0.1:5006/', 'http://[::1]:5006/')
    """
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class BesideServer:
    """A playground served by a thread of this process, as long as the process lives.

    Attributes
    ----------
    url : str
        Of the page, on this machine.

    Raises
    ------
    MlplabError
        If no port is free.
    """

    def __init__(self) -> None:
        port = usable_port(0, LOCAL[0], ())
        self.url = page_address(LOCAL[0], port)
        ready = threading.Event()
        threading.Thread(
            target=self._run, args=(port, ready), name="mlplab-playground", daemon=True
        ).start()
        ready.wait()

    @staticmethod
    def _run(port: int, ready: threading.Event) -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        try:
            server = _make_server(Playground(), port, LOCAL[0], (), show=False)
            server.start()
        finally:
            ready.set()
        server.io_loop.start()


def _says_more_than_goodbye(record: logging.LogRecord) -> bool:
    """Tell whether a log's entry is about more than a page that was closed while it was sent to."""
    error = record.exc_info[1] if record.exc_info else None
    gone = isinstance(error, WebSocketClosedError | StreamClosedError)
    return not gone and "connection was closed" not in record.getMessage()


def _make_server(
    playground: Playground, port: int, address: str, allow_origin: Sequence[str], **options: Any
) -> Any:
    playground.warming.start()
    pn.config.raw_css = [STYLE]
    for name in ("asyncio", "bokeh.server.views.ws"):
        logging.getLogger(name).addFilter(_says_more_than_goodbye)
    return pn.serve(
        {"/": playground.new_page},
        port=port,
        address=address,
        websocket_origin=[f"{host}:{port}" for host in LOCAL] + list(allow_origin),
        start=False,
        verbose=False,
        title="mlplab playground",
        unused_session_lifetime=UNUSED_SESSION,
        check_unused_sessions=UNUSED_SESSION // 3,
        websocket_max_message_size=64 * 1024 * 1024,
        **options,
    )


def usable_port(port: int, address: str, allow_origin: Sequence[str]) -> int:
    """Return the port to serve on, a free one for 0, after a check of all that can be wrong.

    Raises
    ------
    MlplabError
        One sentence that says what.
    """
    if not 0 <= port < 2**16:
        raise MlplabError(f"a port is a number from 0 to 65535, received {port}")
    if address not in LOCAL and not allow_origin:
        raise MlplabError(
            f"--address {address} lets other machines in: name by --allow-origin under which host they "
            "come, such as --allow-origin lab.example.org"
        )
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise MlplabError(
                f"cannot serve on {address}, port {port}: {error.strerror}; "
                "choose another by --port, or 0 for any that is free"
            ) from error
        return int(probe.getsockname()[1])
