"""How Muster is run: the `muster` command, the embedded servers, the demo centre, the centre packs."""
