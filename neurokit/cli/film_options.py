"""Options for every parameter of a model of `vacancy`, made from the model when a command is run, not before.

The models need NumPy and SciPy, and `neurokit --help` must not wait for them.
"""

from collections.abc import Mapping
from dataclasses import fields
from importlib import import_module
from typing import Any

import click

from neurokit.cli.parameter_types import QUANTITY


class ModelCommand(click.Command):
    """A command whose callback gets, as `given`, what was typed of the parameters of `model` ("module:Class")."""

    def __init__(self, *args: Any, model: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._model = model

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        *own, help_option = super().get_params(ctx)
        return [*(_option(item) for item in _stated(self._model)), *own, help_option]

    def invoke(self, ctx: click.Context) -> Any:
        names = {item.name for item in _stated(self._model)}
        given = {name: ctx.params.pop(name) for name in names}
        ctx.params["given"] = {name: value for name, value in given.items() if value is not None}
        return super().invoke(ctx)


def model_class(model: str) -> Any:
    module, name = model.split(":")
    return getattr(import_module(module), name)


def parameter_rows(model: Any) -> list[Mapping[str, Any]]:
    """Every stated parameter of a model with its value, unit, range and source."""
    return [
        {
            "name": item.name,
            "value": getattr(model, item.name),
            "unit": item.metadata["unit"],
            "range": f"{item.metadata['low']:g} to {item.metadata['high']:g}",
            "meaning": item.metadata["meaning"],
            "source": item.metadata["source"],
        }
        for item in fields(model)
        if "source" in item.metadata
    ]


def _stated(model: str) -> list[Any]:
    return [item for item in fields(model_class(model)) if "source" in item.metadata]


def _option(item: Any) -> click.Option:
    known = item.metadata
    unit = f" in {known['unit']}" if known["unit"] else ""
    text = f"{known['meaning'][0].upper()}{known['meaning'][1:]}{unit}.  [default: {item.default:g}]"
    return click.Option([f"--{item.name.replace('_', '-')}", item.name], type=QUANTITY, help=text)
