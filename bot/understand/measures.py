"""What a message says in numbers: how long, since what, how strong, and the time there is."""

from collections.abc import Sequence

from bot.model.slots import DurationWords, IntensityWords, SinceWords, TimeWords
from bot.model.talk import Said
from bot.understand.amounts import Amounts, Phrases, digits, plain
from bot.understand.message import Message

MOST_DAYS = 36500
MOST_MINUTES = 240
OUT_OF = 10
EVENT = 7
"""Words of an event at most."""
NEAR = 5
"""Filling words between what belongs together."""
YEARS = range(1900, 2101)
"""Numbers that are years: "since 2019"."""

Texts = Sequence[str]


class Durations:
    """Reads how long a complaint has been there, and the event since which it is there."""

    def __init__(self, book: DurationWords, since: SinceWords, amounts: Amounts) -> None:
        self._amounts, self._units = amounts, book.units
        self._times, self._vague = Phrases(book.times), plain(book.vague)
        self._times_after, self._fillers = frozenset(book.times_after), frozenset(book.fillers)
        self._before, self._after = frozenset(book.before), frozenset(book.after)
        self._not_after, self._not_before = frozenset(book.not_after), frozenset(book.not_before)
        self._elsewhere, self._onset = frozenset(book.elsewhere), frozenset(book.onset)
        self._opening = frozenset(book.alone)
        self._since, self._no_event = plain(since.before), plain(since.not_before)
        self._subjects, self._objects = frozenset(since.subjects), frozenset(since.objects)
        self._through, self._stops = frozenset(since.through), frozenset(since.stops)

    def duration(self, message: Message, texts: Texts) -> tuple[Said, int] | None:
        """How long it has been there, and the token at which that begins."""
        for at, text in enumerate(texts):
            found: tuple[int | None, int] | None = None
            if self._amounts.may_begin(text):
                found = self._amount(message, texts, at)
            elif text in self._times_after:
                found = self._named(texts, at)
            if found is None and text in self._vague.first and (vague := self._vague.find(texts, at)):
                found = None, vague[1]
            if found and (self._since.find(texts, at) or self._is_of_complaint(message, texts, at, found[1])):
                return _said(message, at, found[1], found[0]), at
        return None

    def since(self, message: Message, texts: Texts) -> tuple[Said, int] | None:
        """The event since which it is there, and the token at which that begins."""
        if self._since.first.isdisjoint(texts):
            return None
        for at in range(len(texts)):
            opener = self._since.find(texts, at)
            if opener and not self._no_event.find(texts, opener[1]) and not self._is_time(texts, at, opener[1]):
                end = self._end_of_event(message, texts, opener[1])
                if end > opener[1]:
                    return _said(message, at, end), at
        return None

    def _amount(self, message: Message, texts: Texts, at: int) -> tuple[int, int] | None:
        """A number of days: not an age, a rhythm, or a time given to something else."""
        found = self._amounts.measure(texts, at, self._units)
        if not found or not 0 < found[0] <= MOST_DAYS:
            return None
        before, after = texts[at - 1] if at else "", texts[found[1]] if found[1] < len(texts) else ""
        if before in self._not_after or after in self._not_before or self._amounts.goes_on(texts, at):
            return None
        in_company = before in self._before or after in self._after
        if self._amounts.is_article(texts, at) and found[1] == at + 2 and not in_company:
            return None
        return max(1, round(found[0])), found[1]  # half a day

    def _is_of_complaint(self, message: Message, texts: Texts, at: int, after: int) -> bool:
        """Whether this part of the sentence tells of what is felt, or of nothing but the time."""
        tokens, own = message.tokens, message.tokens[at].segment
        first, last = at, after
        while first and tokens[first - 1].segment == own and tokens[first - 1].kind == "word":
            first -= 1
        while last < len(texts) and tokens[last].segment == own and tokens[last].kind == "word":
            last += 1
        # the "back" of "2 weeks back" is none
        places = [*range(first, at), *range(after + (after < len(texts) and texts[after] in self._after), last)]
        part = texts[first:last]
        if not self._onset.isdisjoint(part):
            return True
        if not self._elsewhere.isdisjoint(part):
            return not message.tagged.signs.isdisjoint(places)
        if not (message.tagged.signs | message.tagged.places).isdisjoint(places):
            return True
        # "twenty years of nights" is none, "six weeks now" is
        closing = texts[after:last]
        return self._opening.issuperset(texts[first:at]) and (self._opening | self._after).issuperset(closing)

    def _named(self, texts: Texts, at: int) -> tuple[int | None, int] | None:
        """A named time after "since" and the like: yesterday, last week, Monday, 2019."""
        for start in range(at + 1, min(at + NEAR, len(texts))):
            if found := self._times.find(texts, start):
                return None if found[1] < len(texts) and texts[found[1]] in self._not_before else found
            if texts[start] not in self._fillers:
                year = digits(texts[start]) if len(texts[start]) == 4 else None
                return (None, start + 1) if year in YEARS and self._since.find(texts, at) else None
        return None

    def _is_time(self, texts: Texts, at: int, after: int) -> bool:
        """Whether a stretch or point of time follows, which is a duration."""
        if self._vague.find(texts, at) or self._named(texts, after - 1):
            return True
        while after < len(texts) and texts[after] in self._fillers:
            after += 1
        return self._amounts.measure(texts, after, self._units) is not None

    def _end_of_event(self, message: Message, texts: Texts, first: int) -> int:
        """The token after the event: at a mark, at a new statement, or after a few words."""
        end = first
        for at in range(first, min(first + EVENT, len(texts))):
            stops = texts[at] in self._stops or at in message.tagged.places
            of_subject = at == first + 2 and texts[first] in self._subjects and texts[at] in self._objects
            goes_on = at == first or texts[at - 1] in self._through or of_subject
            time = at > first and self._amounts.may_begin(texts[at]) and self._amounts.measure(texts, at, self._units)
            if message.tokens[at].kind != "word" or (stops and not goes_on) or time:
                break
            end = at + 1
        return end


class Intensities:
    """Reads how strong a complaint is, 0 to 10."""

    def __init__(self, book: IntensityWords, amounts: Amounts) -> None:
        self._amounts, self._words = amounts, Phrases(book.words)
        self._before, self._fillers = plain(book.before), plain(book.fillers)
        self._of, self._after = plain(book.of), frozenset(book.after)
        self._not_after, self._not_before = frozenset(book.not_after), frozenset(book.not_before)
        self._pains, self._near = frozenset(book.pains), frozenset(book.near)

    def read(self, message: Message, texts: Texts) -> tuple[float, int] | None:
        """How strong it is, and the token that says so; a number comes before a word."""
        for at, text in enumerate(texts):
            found = self._out_of_ten(message, texts, at) if self._amounts.may_begin(text) else None
            if found is None and text in self._before.first:
                found = self._score(texts, at)
            counts_else = found and found[1] < len(texts) and texts[found[1]] in self._not_before
            if found and found[0] <= OUT_OF and not counts_else:
                return _short(found[0]), at
        if self._words.first.isdisjoint(texts):
            return None
        for at in range(len(texts)):
            word = self._words.find(texts, at)
            if word and self._is_of_pain(texts, at, word[1]):
                return _short(word[0]), at
        return None

    def _out_of_ten(self, message: Message, texts: Texts, at: int) -> tuple[float, int] | None:
        """ "7/10", "7 / 10", "seven out of ten"."""
        if "/" in texts[at]:
            number, _, whole = texts[at].partition("/")
            value = digits(number)
            date = at > 0 and texts[at - 1] in self._not_after
            return None if value is None or whole != str(OUT_OF) or date else (value, at + 1)
        found = self._amounts.number(texts, at)
        if not found or found[1] >= len(texts):
            return None
        if of := self._of.find(texts, found[1]):
            ten = self._amounts.number(texts, of[1])
            return (found[0], ten[1]) if ten and ten[0] == OUT_OF else None
        tokens, after = message.tokens, found[1]
        between = message.raw[tokens[after - 1].end : tokens[after].start].strip()
        return (found[0], after + 1) if between == "/" and texts[after] == str(OUT_OF) else None

    def _score(self, texts: Texts, at: int) -> tuple[float, int] | None:
        """ "pain is a 6", "pain level 6"; a number before another word counts something: "pain in 2 places"."""
        opener = self._before.find(texts, at)
        if not opener:
            return None
        start = self._fillers.skip(texts, opener[1], NEAR)
        value = self._amounts.number(texts, start)
        if not value or self._amounts.is_article(texts, start):
            return None
        after = texts[value[1]] if value[1] < len(texts) else ""
        return value if not after[:1].isalnum() or after in self._after else None

    def _is_of_pain(self, texts: Texts, first: int, after: int) -> bool:
        """Whether a word for pain is among these tokens, or near with nothing but filling words between."""
        if not self._pains.isdisjoint(texts[first:after]):
            return True
        for places in (range(after, min(after + NEAR, len(texts))), range(first - 1, max(first - NEAR, 0) - 1, -1)):
            for place in places:
                if texts[place] in self._pains:
                    return True
                if texts[place] not in self._near:
                    break
        return False


class Times:
    """Reads the time that a person has."""

    def __init__(self, book: TimeWords, amounts: Amounts) -> None:
        self._amounts, self._units = amounts, book.units
        self._before, self._fillers, self._only = plain(book.before), plain(book.fillers), plain(book.only)
        self._after, self._not_before = plain(book.after), plain(book.not_before)

    def read(self, message: Message, texts: Texts) -> tuple[int, int] | None:
        """The minutes, and the token at which they are said."""
        if self._units.keys().isdisjoint(text.lstrip("0123456789.") for text in texts):
            return None
        for at in range(len(texts)):
            opener = self._before.find(texts, at)
            if not opener and at and message.tokens[at - 1].kind == "word":
                continue
            begin = opener[1] if opener else at
            start = self._fillers.skip(texts, begin, NEAR)
            found = self._amounts.measure(texts, start, self._units)
            if not found or not 1 <= found[0] <= MOST_MINUTES:
                continue
            left = self._after.find(texts, found[1])
            if self._not_before.find(texts, found[1]) and not left:
                continue
            only = any(self._only.find(texts, place) for place in range(begin, start))
            alone = begin == 0 and all(token.kind != "word" for token in message.tokens[found[1] :])
            if opener or only or alone or left:
                return int(found[0]), at
        return None


def _short(number: float) -> float:
    return int(number) if number == int(number) else number


def _said(message: Message, first: int, after: int, days: int | None = None) -> Said:
    span = message.tokens[first].start, message.tokens[after - 1].end
    return Said(message.raw[slice(*span)], span, days)
