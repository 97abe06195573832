"""How a fit stands to what was measured: a figure for each kind of record, one a file, and the page of them."""
