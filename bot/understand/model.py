"""Everything that is learned from text, as the reader uses it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.understand.classifier import Classifier
from bot.understand.network import Network
from bot.understand.statuses import StatusReader
from bot.understand.vocabulary import Vocabulary


class Model:
    """Classifiers of what is mentioned, of its status and of danger; and the words that were seen."""

    def __init__(self, arrays: Mapping[str, Any], networks: Mapping[str, Network] = MappingProxyType({})) -> None:
        """`arrays` as training gives them. `networks` by what they hear, "mention" or "danger"; without one the
        classifiers decide alone.
        """
        self.arrays, self.networks = arrays, networks
        self.known_words = Vocabulary(arrays, "known_words")
        """Words that are right as they stand."""
        self.common_words = dict(zip(arrays["common_words"].tolist(), arrays["common_counts"].tolist(), strict=True))
        """Words that a slip may have meant, with how often they were seen."""
        self.labels = classifier_of(arrays)
        """Symptoms, contexts, areas and intents; and what needs a person, how soon, and by which safety rule."""
        self.statuses = StatusReader(
            Vocabulary(arrays, "features"), arrays["statuses_weights"], arrays["statuses_intercepts"]
        )
        """Whether what is mentioned is felt now, and by whom."""


def classifier_of(arrays: Mapping[str, Any]) -> Classifier:
    """The classifier of the labels, from a model's arrays."""
    labels, grams = arrays["labels"].tolist(), Vocabulary(arrays, "grams")
    return Classifier(labels, grams, arrays["weights"], arrays["steps"], arrays["intercepts"])
