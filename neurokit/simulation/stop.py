"""Ending simulations from outside: one flag for many of them, that wakes whoever waits for a simulator."""

import os
import threading


class Stop:
    """A flag that is set once; its file descriptor is then readable, so that a wait on pipes ends too."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        self._lock = threading.Lock()
        self._set = False

    def set(self) -> None:
        """End what runs under this flag, and let nothing more begin under it."""
        with self._lock:
            if not self._set:
                self._set = True
                os.close(self._writing)  # the other end of the pipe is now at its end, for everyone who reads

    @property
    def is_set(self) -> bool:
        return self._set

    def fileno(self) -> int:
        return self._reading

    def __del__(self) -> None:
        self.set()
        os.close(self._reading)
