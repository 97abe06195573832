"""How a film is made or changed, to its oxygen deficiency x."""
