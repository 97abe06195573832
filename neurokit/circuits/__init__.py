"""What is built with the device: each file one circuit that becomes a netlist."""
