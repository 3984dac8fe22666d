"""Frames on a Unix socket: four bytes of length, then JSON. Both halves speak them; neither trusts the other's sizes."""

import json
import socket
import struct
from typing import Any

Frame = dict[str, Any]
_HEADER = struct.Struct(">I")


class FrameError(Exception):
    """The other side sent what is not a frame, or hung up."""


def send(channel: socket.socket, frame: Frame, descriptors: tuple[int, ...] = ()) -> None:
    """Write one frame; descriptors travel with its first bytes."""
    body = json.dumps(frame, allow_nan=False).encode()
    if descriptors:
        socket.send_fds(channel, [_HEADER.pack(len(body))], descriptors)
        channel.sendall(body)
    else:
        channel.sendall(_HEADER.pack(len(body)) + body)


def receive(channel: socket.socket) -> Frame:
    """Read one frame of any size: for the sandboxed half, which trusts the other. Raises FrameError at the end."""
    return _decoded(_exactly(channel, _HEADER.unpack(_exactly(channel, _HEADER.size))[0]))


def receive_with_descriptors(channel: socket.socket, most: int) -> tuple[Frame, list[int]]:
    """Read one frame and the descriptors that came with it."""
    header, descriptors, _flags, _address = socket.recv_fds(channel, _HEADER.size, most)
    if len(header) < _HEADER.size:
        raise FrameError("the other side hung up")
    return _decoded(_exactly(channel, _HEADER.unpack(header)[0])), descriptors


def _exactly(channel: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = channel.recv(min(size - len(parts), 1 << 20))
        if not part:
            raise FrameError("the other side hung up")
        parts += part
    return bytes(parts)


def _decoded(body: bytes) -> Frame:
    frame = json.loads(body)
    if not isinstance(frame, dict):
        raise FrameError("a frame is an object")
    return frame
