"""The service: every talk, through whatever door, goes through `Service.turn`."""

from bot.service.message import Message, Turn
from bot.service.service import Service, UnknownSessionError

__all__ = ["Message", "Service", "Turn", "UnknownSessionError"]
