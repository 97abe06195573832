"""The group of commands that turns errors into one line on stderr and an exit code."""

import errno
from typing import Any

import click

from neurokit.cli.exit_codes import INTERRUPTED, USAGE, code_of_error
from neurokit.errors import NeurokitError


class _Refusal(click.ClickException):
    """A message for the user, without the trace of calls that led to it."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click's own way, though it declares a class variable


class NeurokitGroup(click.Group):
    """A click group in which what neurokit raises on purpose ends as a message; other errors stay loud."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NeurokitError as error:
            raise _Refusal(str(error), code_of_error(error)) from None
        except KeyboardInterrupt:
            raise _Refusal("interrupted", INTERRUPTED) from None
        except OSError as error:
            if error.errno == errno.EPIPE or error.filename is None:
                raise
            raise _Refusal(f"{error.filename}: {error.strerror}", USAGE) from None
