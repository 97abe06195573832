"""A trained network as a folder: weights.safetensors, curve.csv and result.json, which says how they were made.

The same folder holds the checkpoint of a training that is not done. Nothing in it is code, and nothing is unpickled.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from safetensors import SafetensorError, safe_open
from safetensors.torch import load as tensors_from_bytes
from safetensors.torch import save as bytes_of_tensors
from torch import Tensor

from neurokit.errors import NeurokitError
from neurokit.snn.network import Network
from neurokit.snn.settings import Settings, changed
from neurokit.snn.training import Epoch, Progress, make_network
from neurokit.spikes.transfer import TransferCurve
from neurokit.spikes.transfer_file import curve_from_text, curve_text
from neurokit.sweeps.journal import write_whole

KIND = "trained network of VO2-x neurons"
FORMAT = 1  # raise it when a folder that is written now could not be read by what read the last ones
RESULT, WEIGHTS, CURVE = "result.json", "weights.safetensors", "curve.csv"
CHECKPOINT = "checkpoint.safetensors"
DATA = ("name", "sha256")  # of the images that a network learned, at least


@dataclass(frozen=True, eq=False)
class Trained:
    """A network that was trained, and all that is known of how."""

    network: Network
    settings: Settings
    curve: TransferCurve
    record: Mapping[str, Any]  # result.json

    @property
    def data(self) -> Mapping[str, Any]:
        """Name and sums of the images that it learned; NeurokitError if its record does not tell them."""
        found = self.record.get("data")
        missing = [name for name in DATA if not isinstance(found, dict) or name not in found]
        if missing:
            raise NeurokitError(
                f"{RESULT} does not say which images the network learned: its data lack {' and '.join(missing)}. "
                "It was edited, or saved without; train again with `neurokit train`"
            )
        return cast(Mapping[str, Any], found)


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
    for name, content in ((WEIGHTS, weights), (CURVE, text.encode()), (RESULT, _json(document))):
        write_whole(folder / name, partial(Path.write_bytes, data=content))


def load_result(folder: str | Path) -> Trained:
    """The network of a folder, ready to run; NeurokitError says what of it does not fit."""
    folder = Path(folder)
    document = _document(folder / RESULT, "neurokit train --out DIR")
    weights, text = _checked(folder / WEIGHTS, document, "weights"), _checked(folder / CURVE, document, "curve")
    try:
        settings = changed(Settings(), document["settings"])
        curve = curve_from_text(text.decode("utf-8"))
        network = make_network(curve, settings, float(document["jitter"]))
        network.load_state_dict({**network.state_dict(), **tensors_from_bytes(weights)})
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise NeurokitError(f"{folder} is not a whole result ({error}): train again") from error
    return Trained(network, settings, curve, document)


def save_checkpoint(folder: Path, progress: Progress, asked: Mapping[str, Any]) -> None:
    """What a training needs to go on to the same result; `asked` is what has to be the same then. One file, or none."""
    tensors = {f"network.{name}": value for name, value in _weights(progress.network).items()}
    for k, state in progress.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{k}.{name}": value.contiguous() for name, value in state.items()}
    words = {"kind": KIND, "asked": _json(asked).decode(), "epochs": json.dumps([asdict(e) for e in progress.epochs])}
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / CHECKPOINT, lambda path: path.write_bytes(bytes_of_tensors(tensors, words)))


def resume(folder: Path, progress: Progress, asked: Mapping[str, Any]) -> None:
    """Puts a training that has just begun where the checkpoint in a folder was; NeurokitError if it is another one."""
    path = folder / CHECKPOINT
    if not path.exists():
        done = f"; {folder} holds a finished training" if (folder / RESULT).exists() else ""
        raise NeurokitError(f"there is no {path} to go on from{done}: leave out --resume")
    try:
        with safe_open(path, "pt") as file:
            words = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
        then, epochs = json.loads(words["asked"]), json.loads(words["epochs"])
        restored = [Epoch(**epoch | {"silent": tuple(epoch["silent"])}) for epoch in epochs]
        _refuse_another(folder, then, json.loads(_json(asked)))
        _restore(progress, tensors)
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise NeurokitError(f"{path} is no checkpoint to go on from ({error}): begin again without --resume") from error
    progress.epochs[:] = restored


def curve_sum(curve: TransferCurve) -> str:
    """SHA-256 of the curve as a file."""
    return _sum(curve_text(curve).encode())


def drop_checkpoint(folder: Path) -> None:
    (folder / CHECKPOINT).unlink(missing_ok=True)


def _refuse_another(folder: Path, then: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """NeurokitError that names what differs, down to the single setting."""
    for name, value in now.items():
        before = then.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            _refuse_another(folder, before, value)
        elif before != value:
            raise NeurokitError(
                f"{folder} holds a training with {name} = {before}, not {value}: go on with the same, "
                "or give another --out"
            )


def _restore(progress: Progress, tensors: Mapping[str, Tensor]) -> None:
    states: dict[int, dict[str, Tensor]] = {}
    weights: dict[str, Tensor] = {}
    for name, value in tensors.items():
        owner, _, rest = name.partition(".")
        if owner == "network":
            weights[rest] = value
        else:
            number, _, what = rest.partition(".")
            states.setdefault(int(number), {})[what] = value
    progress.network.load_state_dict({**progress.network.state_dict(), **weights})
    progress.optimiser.load_state_dict(progress.optimiser.state_dict() | {"state": states})


def _weights(network: Network) -> dict[str, Tensor]:
    return {name: value.detach().contiguous() for name, value in network.named_parameters()}


def _checked(path: Path, document: Mapping[str, Any], what: str) -> bytes:
    """The content of a file of the folder, whose sum the document knows."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NeurokitError(f"{path} cannot be read ({error.strerror}): it belongs to the result beside it") from None
    known = document.get(what)
    found, expected = _sum(content), known.get("sha256") if isinstance(known, dict) else None
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
