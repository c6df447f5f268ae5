"""The service: every talk, through whatever door, goes through `Service.handle`."""

from bot.service.service import Message, Service, Turn, UnknownSessionError

__all__ = ["Message", "Service", "Turn", "UnknownSessionError"]
