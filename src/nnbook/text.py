"""Turn texts into numbers: the same ones on every machine and on every day."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
import regex

from nnbook.checks import whole_number, whole_numbers

PADDING, UNKNOWN = 0, 1  # numbers that no word of a vocabulary has
BOUNDARY = regex.compile(r"(?w)\b")  # of words, as in UAX #29
UNDERSCORE = regex.compile(r"\p{Pc}")  # and what else joins words to one name
INVISIBLE = regex.compile(r"[\p{Word_Break=Format}\p{Variation_Selector}]")  # but not the joiners, which spell


def words_of(text: str) -> list[str]:
    """Cut a text into words: small letters and digits, no punctuation but what stands within a word, as in "don't".

    The words are those of Unicode's standard, UAX #29, that have a letter or a digit; hyphens and underscores part
    words. Signs that are not seen and do not spell, such as a soft hyphen, are left out.

    Args:
        text: any text. Chinese, Japanese and Thai write no spaces: there most letters come out as a word each.

    Returns:
        The words in their order; an empty list for a text without letters and digits.

    Raises:
        ValueError: not a text.

    Source: unicode.org/reports/tr29.

    >>> words_of("Could have done better. Don't!")
    ['could', 'have', 'done', 'better', "don't"]
    """
    if not isinstance(text, str):
        raise ValueError(f"text must be a str, but is {type(text).__name__} ({text!r:.40}).")
    spelled = INVISIBLE.sub("", text.replace("’", "'"))
    # NFKC: a letter with an accent can be written as one sign or as two, and must be one word.
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", spelled).casefold())
    return [piece for piece in BOUNDARY.split(UNDERSCORE.sub(" ", plain)) if any(sign.isalnum() for sign in piece)]


def vocabulary(documents: Sequence[str]) -> dict[str, int]:
    """Number the words of some documents in the order in which they appear, from 2 on.

    0 stays free for padding, 1 for words that are not in the vocabulary.

    Raises:
        ValueError: a single text in place of a list of texts, or something that is not a text.

    >>> vocabulary(["Good work", "not good"])
    {'good': 2, 'work': 3, 'not': 4}
    """
    if isinstance(documents, str):
        raise ValueError(f"documents must be a list of texts, but is one text; pass [{documents!r:.40}].")
    words = dict.fromkeys(word for document in documents for word in words_of(document))
    return {word: number for number, word in enumerate(words, start=UNKNOWN + 1)}


def encode(text: str, number_of: Mapping[str, int]) -> list[int]:
    """Return the number of each word of a text; 1 for a word that the vocabulary does not have.

    Args:
        text: any text.
        number_of: the number of each known word, such as `vocabulary` returns.

    Raises:
        ValueError: not a text.

    >>> encode("good luck", {"good": 2, "work": 3})
    [2, 1]
    """
    return [number_of.get(word, UNKNOWN) for word in words_of(text)]


def hashed(word: str, buckets: int) -> int:
    """Return a number from 1 to `buckets` - 1 that depends on the word alone; two words can share one.

    Python's own `hash` changes at every start; this is a part of the SHA-256 of the word, which never does.

    Raises:
        ValueError: not a text, or fewer than two buckets.

    Source: Weinberger and others (2009), doi:10.1145/1553374.1553516.

    >>> hashed("good", 50)
    14
    """
    if not isinstance(word, str):
        raise ValueError(f"word must be a str, but is {type(word).__name__} ({word!r:.40}).")
    digest = hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8]) % (whole_number(buckets, "buckets", at_least=2) - 1) + 1


def one_hot(numbers: Sequence[int] | np.ndarray, size: int) -> np.ndarray:
    """Return a row of zeros with a single 1 for each number.

    Args:
        numbers: whole numbers from 0 to `size` - 1, of any shape.
        size: the length of each row.

    Returns:
        Zeros and ones of shape (*shape of numbers, size), float32.

    Raises:
        ValueError: numbers that are not whole or not between 0 and `size` - 1.

    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    """
    size = whole_number(size, "size", at_least=1)
    return np.eye(size, dtype="float32")[whole_numbers(numbers, "numbers", at_least=0, below=size)]


def pad(rows: Sequence[Sequence[int]], length: int) -> np.ndarray:
    """Fill rows of numbers up with 0 at the end, to one length; nothing is ever cut off.

    Args:
        rows: encoded documents, each of at most `length` numbers.
        length: numbers in each row.

    Returns:
        Whole numbers, (rows, length).

    Raises:
        ValueError: a row that is too long, or numbers that are not whole or under 0.

    >>> pad([[16, 1], [2]], 4)
    array([[16,  1,  0,  0],
           [ 2,  0,  0,  0]])
    """
    length = whole_number(length, "length", at_least=1)
    if any(np.ndim(row) != 1 for row in rows):
        raise ValueError("rows must be a list of rows of numbers, such as [[16, 1], [2]].")
    for index, row in enumerate(rows):
        if len(row) > length:
            raise ValueError(
                f"row {index} has {len(row)} numbers, more than length {length}; take a greater length, "
                "or cut the row yourself if you can do without its end."
            )
    padded = np.full((len(rows), length), PADDING)
    for index, row in enumerate(rows):
        padded[index, : len(row)] = whole_numbers(row, f"the numbers of row {index}", at_least=0)
    return padded
