"""`python -m bot` is the `supple` command."""

from bot.cli import main

if __name__ == "__main__":
    main()
