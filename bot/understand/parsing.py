"""From a text to a message: split, mended, its lists, patterns and cues found. Training and reading share it."""

from collections.abc import Container, Mapping
from types import MappingProxyType

from bot.knowledge import Knowledge
from bot.model.language import Patterns
from bot.understand import intent, screen
from bot.understand.assertion import Assertions
from bot.understand.lexicon import Lexicon, Tagged
from bot.understand.matching import Matcher
from bot.understand.message import Message
from bot.understand.tokens import clean, tokenize
from bot.understand.typos import Repair


class Parser:
    """Parses texts with the words of the compiled knowledge."""

    def __init__(
        self,
        knowledge: Knowledge,
        known_words: Container[str] = (),
        common_words: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """`known_words` are right as they stand, though no pattern names them; `common_words`, with how often they were
        seen, may be meant by a slip.
        """
        book = knowledge.phrases
        self.assertions = Assertions(knowledge.assertion)
        dangers, cues = knowledge.safety_lists, knowledge.assertion.lists
        self.lexicon = Lexicon(book.places, book.signs, book.lists, dangers, cues)
        self._matcher = Matcher(
            {
                "symptom": book.symptoms,
                "context": book.contexts,
                "topic": book.topics,
                "practice": book.practices,
                "area": _area_patterns(knowledge),
                **screen.patterns(knowledge),
                **intent.patterns(knowledge),
                **self.assertions.patterns,
            }
        )
        needed = dict.fromkeys(self._matcher.vocabulary | self.lexicon.vocabulary, 1)
        self._words, self._known = {**needed, **common_words}, known_words
        self._repair = Repair(self._words, known_words)

    def parse(self, text: str) -> Message:
        """The message; without tokens where nothing is left of the text."""
        raw = clean(text)
        tagged = self.tag(raw)
        matches = self._matcher.find(tagged)
        return Message(raw, tagged, matches, self.assertions.cues(matches.get("cue", ()), tagged.tokens))

    def tag(self, raw: str) -> Tagged:
        """The words of a clean text with their lists, and no patterns: all that the classifiers go by."""
        stops, joins = self.assertions.stops, self.assertions.joins
        return self.lexicon.tag(tokenize(raw, stops=stops, joins=joins, repair=self._repair, is_word=self._is_word))

    def _is_word(self, word: str) -> bool:
        return word in self._words or word in self._known


def _area_patterns(knowledge: Knowledge) -> dict[str, Patterns]:
    """Complaints by area; and, by `area/place list`, the place with any sign."""
    signs = "|".join(f"<{name}>" for name in knowledge.phrases.signs)
    patterns: dict[str, Patterns] = {}
    for area, entry in knowledge.phrases.areas.items():
        patterns[area] = Patterns(phrases=entry.complaints)
        for place in entry.places:
            patterns[f"{area}/{place}"] = Patterns(pairs=((f"<{place}>", signs),))
    return patterns
