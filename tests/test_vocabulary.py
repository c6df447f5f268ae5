"""What is learned is kept as arrays: strings with their numbers, and folders that take the place of those before."""

from pathlib import Path

import numpy as np
import pytest
from bot.understand import kept
from bot.understand.vocabulary import Vocabulary, numbered
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(strings=st.lists(TEXT, unique=True, max_size=30), other=TEXT)
def test_strings_have_the_numbers_of_the_order_in_which_they_were_given(strings: list[str], other: str) -> None:
    vocabulary = Vocabulary(numbered(strings, "words"), "words")

    assert len(vocabulary) == len(strings)
    assert [vocabulary.get(string) for string in strings] == list(range(len(strings)))
    assert (other in vocabulary) == (other in strings)
    assert vocabulary.get(other) == (strings.index(other) if other in strings else None)


def test_the_same_strings_make_the_same_arrays() -> None:
    one, other = (numbered(["hip", "hips", "lower back"], "grams") for _ in range(2))

    assert {name: array.tolist() for name, array in one.items()} == {
        name: array.tolist() for name, array in other.items()
    }


def test_a_folder_that_is_written_again_holds_the_new_arrays_and_no_others(tmp_path: Path) -> None:
    kept.write(tmp_path / "learned", {"weights": np.arange(6).reshape(2, 3), "before": np.zeros(2)})
    kept.write(tmp_path / "learned", {"weights": np.ones((1, 2)), "labels": np.array(["a", "é"])})
    read = kept.read(tmp_path / "learned")

    assert {name: array.tolist() for name, array in read.items()} == {"weights": [[1, 1]], "labels": ["a", "é"]}
    assert [folder.name for folder in tmp_path.iterdir()] == ["learned"]


def test_what_cannot_be_written_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    kept.write(tmp_path / "learned", {"weights": np.ones(2)})
    with pytest.raises(ValueError, match="Object arrays"):
        kept.write(tmp_path / "learned", {"weights": np.array([object()])})

    assert kept.read(tmp_path / "learned")["weights"].tolist() == [1, 1]
