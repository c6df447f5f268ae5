"""Runs the action server in this one process, without the file watchers and workers that rasa_sdk would start."""

import logging
import os
import socket
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor


class PortError(Exception):
    """The port cannot be had."""


def application() -> Any:
    """The SDK's own application with our actions. Only Rasa calls it, so no page of a browser may."""
    executor = ActionExecutor()
    executor.register_package("bot.actions")
    return create_app(executor, cors_origins=[])


def run(host: str, port: int) -> None:
    """Serve until stopped; raises PortError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise PortError(f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}") from None
    logging.getLogger("sanic").setLevel(logging.WARNING)
    application().run(host, port, single_process=True, motd=False, access_log=False)
