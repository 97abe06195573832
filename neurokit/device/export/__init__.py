"""The device for other simulators: each file one language, all printed from `neurokit.device.equations`."""

from collections.abc import Callable

from neurokit.device.export.spice import vo2x_library
from neurokit.device.export.verilog_a import vo2x_module

# The files that ship in spice_models/.
EXPORTS: dict[str, Callable[[], str]] = {"vo2x.lib": vo2x_library, "vo2x.va": vo2x_module}
