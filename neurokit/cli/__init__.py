"""The command line: one thin command a stage."""

import click

import neurokit
from neurokit.cli.cache import cache
from neurokit.cli.demo import demo
from neurokit.cli.design import design
from neurokit.cli.device import device
from neurokit.cli.doctor import doctor
from neurokit.cli.evaluate import evaluate
from neurokit.cli.export import export
from neurokit.cli.figures import figures
from neurokit.cli.film import film
from neurokit.cli.fit import fit
from neurokit.cli.group import NeurokitGroup
from neurokit.cli.netlist import netlist
from neurokit.cli.replay import replay
from neurokit.cli.run import run
from neurokit.cli.sweep import sweep
from neurokit.cli.train import train
from neurokit.cli.transfer import transfer
from neurokit.cli.verify import verify


@click.group(cls=NeurokitGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(neurokit.__version__, prog_name="neurokit")
def main() -> None:
    """From oxygen deficiency in VO2-x to neuron circuits in ngspice.

    Numbers take SI prefixes: 3k, 1.8n, 5us. Exit codes: 0 ok, 1 a check failed, 2 usage, 3 simulator missing,
    4 some simulations failed, 130 interrupted.
    """


for _command in (film, design, device, netlist, run, cache, doctor, demo, figures, sweep, replay, transfer):
    main.add_command(_command)
for _command in (fit, train, evaluate, export, verify):
    main.add_command(_command)
