"""The command line."""

import sys


def main() -> None:
    """Entry point of the `supple` command."""
    from bot.cli.commands import cli

    try:
        cli(standalone_mode=True)
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody to tell.
        sys.stderr.close()
        sys.exit(0)
