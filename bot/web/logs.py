"""One JSON line a request: ids and times, never a text, never a session id, and no rule of a crisis or abuse turn."""

import json
import sys
import threading
import time
import traceback
from typing import Any, TextIO


class Log:
    """Writes lines; safe to use from several threads."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._lock = threading.Lock()

    def write(self, event: str, **fields: Any) -> None:
        """Write one line."""
        line = json.dumps({"at": round(time.time(), 3), "event": event, **fields}, default=str)
        with self._lock:
            self._out.write(line + "\n")
            self._out.flush()

    def failure(self, failure: BaseException) -> None:
        """Tell kind and place of an unforeseen failure; its words may hold what was typed."""
        places = [
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
            for frame in traceback.extract_tb(failure.__traceback__)
        ]
        self.write("failure", kind=type(failure).__name__, places=places[-6:])
