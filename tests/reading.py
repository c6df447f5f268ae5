"""How hard a text is to read: the Flesch-Kincaid grade.

0.39 x words a sentence + 11.8 x syllables a word - 15.59 (Kincaid and others, 1975). A line break, and each of `.!?;:`
before a space, ends a sentence, as do the labels of choices. Syllables are counted by groups of vowels, with the rules
below for silent letters; test_wording.py holds the counter to words whose syllables are known.
"""

import re

_SENTENCE = re.compile(r"[.!?;:]+(?=\s|$)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?<=[^laeiouy])e$|(?<=[aeiouy]l)e$"  # made, while; the -le of little is heard
    r"|(?<=[^aeiouydt])e(?=d$)"  # moved; wanted is heard
    r"|(?<=[^aeiouylszxcgh])e(?=s$)|(?<=[aeiouy]l)e(?=s$)"  # times, rules; the -es of stretches, ankles is heard
    r"|(?<=[^aeiou])e(?=(?:ly|less|ness|ment|ful|fully|some|thing|time|times)$)|(?<=som)e(?=one$)"
)
_APART = re.compile(
    r"[^ctxgs]ious|[rvd]ia|[bdlnrt]ian$|io(?!n|us)|lia[bn]|scia|[aeiouy]ing|iu|[^aeiou][^aeiou]?eo(?!p)|uou|[^aeiougq]ual|\w\wea$"
    r"|[^t]ienc|iety|scien|creat|react|poem|diet|quiet|trial|via|psoas|iet$"
)
"""Vowels that stand together and are said apart."""


def syllables(word: str) -> int:
    """Syllables of a word; a number counts as one, as it is read at a glance."""
    if word[0].isdigit():
        return 1
    total = 0
    for part in re.split("-", word.lower().replace("’", "'").replace("'", "")):
        bare = _SILENT.sub("", part)
        total += max(len(_VOWELS.findall(bare)) + len(_APART.findall(bare)), 1)
    return total


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text; 0 where it has no word."""
    sentences = [found for part in _SENTENCE.split(text) if (found := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
