"""Everything that is learned from text, as the reader uses it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.understand.classifier import Classifier
from bot.understand.network import Network
from bot.understand.statuses import StatusReader


class Model:
    """Classifiers of what is mentioned, of its status and of danger; and the words that were seen."""

    def __init__(
        self, names: dict[str, Any], arrays: dict[str, Any], networks: Mapping[str, Network] = MappingProxyType({})
    ) -> None:
        """`names` are labels, n-grams and words, and can be kept as JSON; `arrays` are named after them. `networks` by
        what they hear, "mention" or "danger"; without one the classifiers decide alone.
        """
        self.names, self.arrays, self.networks = names, arrays, networks
        self.known_words: frozenset[str] = frozenset(names["known_words"])
        """Words that are right as they stand."""
        self.common_words: dict[str, int] = names["common_words"]
        """Words that a slip may have meant, with how often they were seen."""
        self.labels = Classifier(
            names["labels"], arrays["labels_weights"], arrays["labels_steps"], arrays["labels_intercepts"]
        )
        """Symptoms, contexts, areas and intents; and what needs a person, how soon, and by which safety rule."""
        self.statuses = StatusReader(names["statuses"], arrays["statuses_weights"], arrays["statuses_intercepts"])
        """Whether what is mentioned is felt now, and by whom."""
