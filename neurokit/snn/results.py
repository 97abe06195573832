"""A trained network as a folder: weights.safetensors, curve.csv and result.json, which says how they were made.

The same folder holds the checkpoint of a training that is not done. Nothing in it is code, and nothing is unpickled.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load as tensors_from_bytes
from safetensors.torch import save as bytes_of_tensors
from torch import Tensor

from neurokit.errors import NeurokitError
from neurokit.snn.data import CLASSES, SIDE
from neurokit.snn.network import Network, Realisation
from neurokit.snn.rate import Rate
from neurokit.snn.settings import Settings, changed
from neurokit.snn.training import Epoch, Progress
from neurokit.spikes.transfer import TransferCurve
from neurokit.spikes.transfer_file import curve_from_text, curve_text

KIND = "trained network of VO2-x neurons"
FORMAT = 1  # raise it when a folder that is written now could not be read by what read the last ones
RESULT, WEIGHTS, CURVE = "result.json", "weights.safetensors", "curve.csv"
CHECKPOINT, CHECKPOINT_STATE = "checkpoint.json", "checkpoint.safetensors"


@dataclass(frozen=True, eq=False)
class Trained:
    """A network that was trained, and all that is known of how."""

    network: Network
    settings: Settings
    curve: TransferCurve
    record: Mapping[str, Any]  # result.json


def save_result(
    folder: Path, network: Network, settings: Settings, curve: TransferCurve, record: Mapping[str, Any]
) -> None:
    """Writes the three files; `record` is what is known beside settings, curve and weights."""
    weights, text = bytes_of_tensors(_weights(network)), curve_text(curve)
    document = {
        "kind": KIND,
        "format": FORMAT,
        "settings": asdict(settings),
        "jitter": network.realised.jitter,
        "curve": {"label": curve.label, "sha256": _sum(text.encode())},
        "weights": {"sha256": _sum(weights), "layers": list(network.sizes)},
        **record,
    }
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / WEIGHTS, weights)
    _write(folder / CURVE, text.encode())
    _write(folder / RESULT, _json(document))


def load_result(folder: Path) -> Trained:
    """The network of a folder, ready to run; NeurokitError says what of it does not fit."""
    document = _document(folder / RESULT, "neurokit train --out DIR")
    weights, text = _checked(folder / WEIGHTS, document, "weights"), _checked(folder / CURVE, document, "curve")
    try:
        settings = changed(Settings(), document["settings"])
        curve = curve_from_text(text.decode("utf-8"))
        network = untrained(curve, settings, document["jitter"])
        network.load_state_dict({**network.state_dict(), **tensors_from_bytes(weights)})
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise NeurokitError(f"{folder} is not a whole result ({error}): train again") from error
    return Trained(network, settings, curve, document)


def untrained(curve: TransferCurve, settings: Settings, jitter: float = 0.0) -> Network:
    """The network that settings describe, with weights by chance."""
    realised = Realisation(settings.bits, settings.resistors, jitter)
    sizes = (SIDE * SIDE, *settings.hidden, CLASSES)
    return Network(sizes, Rate(curve, settings.width, settings.v_rail), settings.silent_margin, realised)


def save_checkpoint(folder: Path, progress: Progress, asked: Mapping[str, Any]) -> None:
    """What a training needs to go on to the same result; `asked` is what has to be the same then."""
    tensors = {f"network.{name}": value for name, value in _weights(progress.network).items()}
    for k, state in progress.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{k}.{name}": value.contiguous() for name, value in state.items()}
    data = bytes_of_tensors(tensors)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / CHECKPOINT_STATE, data)
    epochs = [asdict(epoch) for epoch in progress.epochs]
    document = {"kind": KIND, "format": FORMAT, "asked": asked, "epochs": epochs, "state": {"sha256": _sum(data)}}
    _write(folder / CHECKPOINT, _json(document))


def resume(folder: Path, progress: Progress, asked: Mapping[str, Any]) -> None:
    """Puts a training that has just begun where the checkpoint in a folder was; NeurokitError if it is another one."""
    document = _document(folder / CHECKPOINT, "neurokit train --out DIR")
    tensors = tensors_from_bytes(_checked(folder / CHECKPOINT_STATE, document, "state"))
    for name, value in json.loads(_json(asked)).items():
        if document["asked"].get(name) != value:
            raise NeurokitError(
                f"{folder} holds a training with {name} = {document['asked'].get(name)}, not {value}: "
                "go on with the same, or give another --out"
            )
    optimiser = progress.optimiser.state_dict()
    states: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        owner, _, rest = name.partition(".")
        if owner == "optimiser":
            number, _, what = rest.partition(".")
            states.setdefault(int(number), {})[what] = value
    progress.optimiser.load_state_dict(optimiser | {"state": states})
    weights = {n.removeprefix("network."): v for n, v in tensors.items() if n.startswith("network.")}
    progress.network.load_state_dict({**progress.network.state_dict(), **weights})
    progress.epochs[:] = [Epoch(**epoch | {"silent": tuple(epoch["silent"])}) for epoch in document["epochs"]]


def drop_checkpoint(folder: Path) -> None:
    for name in (CHECKPOINT, CHECKPOINT_STATE):
        (folder / name).unlink(missing_ok=True)


def _weights(network: Network) -> dict[str, Tensor]:
    return {name: value.detach().contiguous() for name, value in network.named_parameters()}


def _checked(path: Path, document: Mapping[str, Any], what: str) -> bytes:
    """The content of a file of the folder, whose sum the document knows."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NeurokitError(f"{path} cannot be read ({error.strerror}): it belongs to the result beside it") from None
    found, expected = _sum(content), document.get(what, {}).get("sha256")
    if found != expected:
        raise NeurokitError(
            f"{path} has SHA-256 {found}, the document beside it says {expected}: it is of another run, or was changed"
        )
    return content


def _document(path: Path, maker: str) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NeurokitError(f"{path} cannot be read ({error.strerror}): `{maker}` writes it") from None
    except ValueError as error:
        raise NeurokitError(f"{path} is not JSON ({error}): `{maker}` writes it") from None
    if not isinstance(document, dict) or (document.get("kind"), document.get("format")) != (KIND, FORMAT):
        raise NeurokitError(f"{path} is not that of a {KIND}, format {FORMAT}: `{maker}` writes it")
    return document


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=2, allow_nan=False) + "\n").encode()


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """The whole file or none of it."""
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content)
    beside.replace(path)
