"""Start JupyterLab on the socket that the platform has opened: run in the server's own environment, as a script."""

import gc
import os
import runpy
import socket


def main() -> None:
    """Apply the remedies for a quick start, take over the listener and run the server."""
    # Importing makes objects that stay; looking through them for garbage again and again costs 0.2 s.
    gc.disable()
    runpy.run_path(os.environ.pop("HIMALIA_REMEDIES"))["remedy_server"]()
    listener = socket.socket(fileno=int(os.environ.pop("HIMALIA_LISTENER")))
    listener.setblocking(False)
    listener.set_inheritable(False)  # kernels and terminals get none of it
    _hand_over(listener)
    from jupyterhub.singleuser import main as run

    run()


def _hand_over(listener: socket.socket) -> None:
    """Make the server, told to listen on a Unix socket, use this one: the code cannot reach the folder where it lies."""
    from jupyter_server import serverapp

    def bind_unix_socket(_path: str, mode: int) -> socket.socket:  # noqa: ARG001 -- it is bound already
        # All is loaded when the server comes to this.
        gc.freeze()
        gc.enable()
        return listener

    vars(serverapp)["bind_unix_socket"] = bind_unix_socket


main()
