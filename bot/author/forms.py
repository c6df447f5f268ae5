"""The same text in other forms: as people type it in haste, in capitals, or on a phone. Same text, same result."""

import random
import re
from collections.abc import Callable

WORDS_A_TYPO = 6
"""One typo stands for so many words."""
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {key: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _KEYS for at, key in enumerate(row)}
_SPELLINGS = {
    "centre": "center",
    "colour": "color",
    "grey": "gray",
    "physiotherapist": "physical therapist",
    "mum": "mom",
    "favour": "favor",
    "odour": "odor",
    "behaviour": "behavior",
    "tyre": "tire",
    "metre": "meter",
    "neighbour": "neighbor",
    "organise": "organize",
    "realise": "realize",
    "paralyse": "paralyze",
    "catalogue": "catalog",
    "practise": "practice",
    "programme": "program",
    "travelling": "traveling",
    "jewellery": "jewelry",
    "oestrogen": "estrogen",
    "anaesthetic": "anesthetic",
    "orthopaedic": "orthopedic",
    "haemorrhage": "hemorrhage",
    "labour": "labor",
}


def typos(text: str) -> str:
    """A neighbouring key, two letters swapped, one dropped or doubled: once in every six words."""
    chance = random.Random(text)  # noqa: S311 - the same text gets the same typos
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 2 and word.isalpha()]
    for at in chance.sample(long, min(len(long), max(1, len(words) // WORDS_A_TYPO))):
        words[at] = _slip(words[at], chance)
    return " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    beside = _BESIDE.get(word[at].lower(), "")
    slips = [word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]]
    slips.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    slips += [word[:at] + other + word[at + 1 :] for other in beside[:1]]
    return chance.choice(slips)


def unpunctuated(text: str) -> str:
    """Without marks, in small letters."""
    return " ".join(re.sub(r"[^\w\s'’]", " ", text).lower().split())


def curly(text: str) -> str:
    """Typographic quotes and dashes."""
    return text.replace("'", "’").replace(' "', " “").replace('"', "”").replace(" - ", " – ")


def with_emoji(text: str) -> str:
    """Pictures before, within and behind."""
    return f"😩 {text.replace('. ', ' 🙏 . ')} 😭😭"


def other_spelling(text: str) -> str:
    """British words as Americans spell them, and the reverse."""
    both = _SPELLINGS | {american: british for british, american in _SPELLINGS.items()}
    return re.sub(r"\w+", lambda match: both.get(match[0], match[0]), text)


FORMS: dict[str, Callable[[str], str]] = {
    "one typo in six words": typos,
    "in capitals": str.upper,
    "without punctuation": unpunctuated,
    "curly quotes": curly,
    "emoji": with_emoji,
    "US and UK spelling exchanged": other_spelling,
}

IN_COMPANY: dict[str, Callable[[str], str]] = {
    "a complaint before": lambda text: f"my hamstrings are tight. {text}",
    "a complaint behind": lambda text: f"{text} and my hips are tight",
    "a longer one before": lambda text: (
        f"i've had a stiff lower back since i started the new desk job, mostly in the mornings. {text}"
    ),
    "a longer one behind": lambda text: (
        f"{text}. anyway, what can i do for my lower back, it's stiff from driving all day?"
    ),
    "a wife who says it is nothing": lambda text: f"{text} my wife says it's nothing",
    "probably just the psoas": lambda text: f"{text} probably just my psoas",
    "usually fine": lambda text: f"{text}, i'm usually fine",
    "no doctor wanted": lambda text: f"{text}. don't tell me to see a doctor",
}
"""The same text beside a complaint, or made light of: what is grave stays as grave."""
