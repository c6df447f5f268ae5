"""Knowledge: the content compiled into immutable objects with the indexes that answering needs."""

from bot.knowledge.compiled import Knowledge, compile_documents, load_knowledge
from bot.knowledge.hidden import without

__all__ = ["Knowledge", "compile_documents", "load_knowledge", "without"]
