"""`python -m deploy`: the same as the `muster` command."""

from deploy.cli.main import run

run()
