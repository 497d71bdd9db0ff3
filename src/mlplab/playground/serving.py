"""The page handed to browsers: this one page and nothing else, to those who call it by a known name."""

from __future__ import annotations

import errno
import os
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from socketserver import ThreadingTCPServer
from sys import exception
from typing import Any

from mlplab.errors import MlplabError
from mlplab.playground import PAGE

PATHS = ("/", f"/{PAGE.name}")

HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every answer. What the page itself may do stands in the page."""

PATIENCE = 60
"""Seconds after which one who sends or takes nothing is let go."""


def serve(
    text: str,
    port: int = 5006,
    address: str = "127.0.0.1",
    allow_host: Sequence[str] = (),
    *,
    open_browser: bool = True,
    announce: Callable[[str], None] = lambda url: None,
) -> None:
    """Serve the page until interrupted.

    Parameters
    ----------
    text : str
        The page.
    port : int
        0 for any that is free.
    address : str
        Where to listen; other machines reach it only if this is not a local one.
    allow_host : sequence of str
        Names besides this machine's by which browsers may call the server, such as a proxy's. With
        `:port`, by that port only.
    open_browser : bool
        Whether to open the page in the browser.
    announce : callable
        Called with the page's address once it can be visited.

    Raises
    ------
    MlplabError
        If the port is taken or cannot be, or the address is none of this machine.
    """
    with suppress(KeyboardInterrupt), PageServer(text, port, address, allow_host) as server:
        announce(server.url)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(server.url,), daemon=True).start()
        server.serve_forever()


class PageServer(ThreadingTCPServer):
    """A server of one page, with a thread for each connection: who is slow holds nobody else.

    Attributes
    ----------
    content : bytes
        The page.
    url : str
        Of the page, for a browser on this machine.
    """

    allow_reuse_address = os.name != "nt"  # there, two servers could have one port
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, text: str, port: int, address: str, allow_host: Sequence[str] = ()) -> None:
        if not 0 <= port < 2**16:
            raise MlplabError(f"a port is a number from 0 to 65535, received {port}")
        try:
            found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
            self.address_family, place = found[0][0], found[0][4]
            super().__init__(place, _Handler)  # type: ignore[arg-type]  # of IPv6 it has four parts
        except (OSError, UnicodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no address"
            of_port = isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES)
            other = "--port, or 0 for any that is free" if of_port else "--address"
            raise MlplabError(
                f"cannot serve on {address or 'no address'}, port {port}: {reason}; choose another by "
                f"{other}"
            ) from error
        self.content = text.encode("utf-8")
        self._port = int(self.server_address[1])
        host = ip_address(str(self.server_address[0]))
        here = ("::1" if host.version == 6 else "127.0.0.1") if host.is_unspecified else str(host)
        self.url = f"http://{_with_port(here, self._port)}/"
        self._allowed = {name.lower().rstrip(".") for name in allow_host}

    def knows(self, host: str, here: str) -> bool:
        """Tell whether a browser may call the server by a name.

        A page of another site can have its own name lead to this machine (DNS rebinding), and then read
        what is served here. So only this machine's names count, and those that are allowed.

        Parameters
        ----------
        host : str
            The name and the port, as the browser sends them.
        here : str
            This machine's address of the connection.
        """
        host = host.lower()
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        if host in self._allowed or name.rstrip(".") in self._allowed:
            return True
        names = [here, socket.gethostname().lower()]
        if ip_address(here).is_loopback:
            names.append("localhost")
        return host in [_with_port(each, self._port) for each in names] + (
            names if self._port == 80 else []
        )

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell what went wrong, but of browsers that went away."""
        if not isinstance(exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: PageServer

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "mlplab", ""
    error_message_format, error_content_type = "%(message)s\n", "text/plain; charset=utf-8"
    timeout = PATIENCE

    def do_GET(self) -> None:
        """Answer with the page, or say why not."""
        hosts = self.headers.get_all("Host", [])
        here = str(self.connection.getsockname()[0]).removeprefix("::ffff:")
        if len(hosts) != 1 or not self.server.knows(hosts[0], here):
            self.send_error(
                HTTPStatus.MISDIRECTED_REQUEST,
                "This server does not go by that name. To allow it: mlplab play --allow-host NAME",
            )
        elif self.path.partition("?")[0] not in PATHS:
            self.send_error(HTTPStatus.NOT_FOUND, "There is nothing here but the playground, at /")
        else:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(self.server.content)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(self.server.content)

    do_HEAD = do_GET  # noqa: N815  # so the standard library calls it

    def end_headers(self) -> None:
        """Send what every answer has."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


def _with_port(host: str, port: int) -> str:
    """Return what an address has for a host and a port.

    >>> _with_port("127.0.0.1", 5006), _with_port("::1", 5006)
    ('127.0.0.1:5006', '[::1]:5006')
    """
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
