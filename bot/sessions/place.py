"""Where the service keeps talks unless told otherwise."""

import os
from pathlib import Path


def state_folder() -> Path:
    """The folder of the service's state: SUPPLE_HOME, or the user's state folder."""
    if named := os.environ.get("SUPPLE_HOME"):
        return Path(named)
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "supple"


def default_url() -> str:
    """The address of the SQLite file there."""
    return f"sqlite:{state_folder() / 'talks.db'}"
