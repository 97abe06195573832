"""What goes between the caller of the PySpice back end and its worker: requests one way, reports and answers the other.

    request    length, JSON; with the first bytes comes the pipe for the answer
    answer     frames in that pipe: lines as they come, then a header for all plots, then each vector as bytes
    report     length, JSON: the greeting of a worker, and how each run ended

Numbers travel as bytes and the rest as JSON; nothing is unpickled.
"""

import json
import os
import select
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from neurokit.errors import NeurokitError
from neurokit.simulation.stop import Stop

WORKER_MODULE = "neurokit.simulation.pyspice_process"  # stands in the command line of a worker

GRACE_S = 3.0  # for the library to halt after its time is up; then the copy is ended
SCALES = ("time", "frequency", "v-sweep", "i-sweep", "temp-sweep", "res-sweep")  # vectors that others are over
LINE, PLOTS, VECTOR = b"L", b"P", b"V"  # kinds of frames

_FRAME = struct.Struct("!cQ")  # kind, bytes that follow
_LENGTH = struct.Struct("!Q")


def send_frame(pipe: int, kind: bytes, body: Any) -> None:
    _write(pipe, _FRAME.pack(kind, len(body)))
    _write(pipe, body)


def _write(pipe: int, data: Any) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


class Stopped(Exception):  # noqa: N818 - not an error: it was asked for
    """The caller's `Stop` was set while an answer was awaited."""


class Frames:
    """Frames from a pipe, one after the other, until its end; a frame that was cut off counts as the end."""

    def __init__(self, pipe: int, patience_s: float, stop: Stop | None) -> None:
        self._pipe = pipe
        self._patience_s = patience_s
        self._stop = stop
        self._poll = select.poll()
        self._poll.register(pipe, select.POLLIN)
        if stop is not None:
            self._poll.register(stop, select.POLLIN)

    def __iter__(self) -> Iterator[tuple[bytes, bytearray]]:
        while (head := self._read(_FRAME.size)) is not None:
            kind, size = _FRAME.unpack(head)
            body = self._read(size)
            if body is None:
                return
            yield kind, body

    def _read(self, size: int) -> bytearray | None:
        buffer = bytearray(size)
        view, done = memoryview(buffer), 0
        while done < size:
            ready = self._poll.poll(1000 * self._patience_s)
            if self._stop is not None and self._stop.is_set:
                raise Stopped
            if not ready:
                raise NeurokitError(f"the PySpice worker has been silent for {self._patience_s:g} s")
            count = os.readv(self._pipe, [view[done:]])
            if count == 0:
                return None
            done += count
        return buffer


def send_request(connection: socket.socket, request: Mapping[str, Any], pipe: int) -> None:
    """Hand over a netlist to run and the pipe for its answer; a worker that has just died is no error here."""
    body = json.dumps(request).encode()
    with suppress(BrokenPipeError):  # it shows as an empty answer
        socket.send_fds(connection, [_LENGTH.pack(len(body))], [pipe])
        connection.sendall(body)


def receive_request(connection: socket.socket) -> tuple[dict[str, Any], int] | None:
    """A netlist to run with the pipe for its answer; None when the caller has hung up."""
    head, descriptors, _, _ = socket.recv_fds(connection, _LENGTH.size, 1)
    body = _receive(connection, *_LENGTH.unpack(head)) if len(head) == _LENGTH.size else None
    return None if body is None else (json.loads(body), descriptors[0])


def send_json(connection: socket.socket, message: Mapping[str, Any]) -> None:
    body = json.dumps(message).encode()
    connection.sendall(_LENGTH.pack(len(body)) + body)


def receive_json(connection: socket.socket) -> dict[str, Any] | None:
    head = _receive(connection, _LENGTH.size)
    body = None if head is None else _receive(connection, *_LENGTH.unpack(head))
    return None if body is None else dict(json.loads(body))


def _receive(connection: socket.socket, size: int) -> bytes | None:
    """So many bytes, or None if the other side ends before."""
    received = bytearray()
    while len(received) < size:
        chunk = connection.recv(min(size - len(received), 1 << 20))
        if not chunk:
            return None
        received += chunk
    return bytes(received)


def readable(descriptor: int, wait_s: float) -> bool:
    """Whether there is something to read, now or within some time."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(1000 * wait_s))
