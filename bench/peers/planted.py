"""Plants near-duplicates: copies of documents in which so many words are changed that their likeness spans 0.5 to 1."""

import random
import re

WORD = re.compile(r"\w+")
SHINGLE = 5


def words(text):
    return WORD.findall(text.lower())


def shingles(text):
    """Sets of five words in a row; what both sides call a word differs from this in signs and numbers only."""
    found = words(text)
    return {tuple(found[i : i + SHINGLE]) for i in range(max(0, len(found) - SHINGLE + 1))}


def jaccard(a, b):
    first, second = shingles(a), shingles(b)
    return len(first & second) / max(1, len(first | second))


def copy(text, changed, rng):
    """With a share of the words, found anywhere, replaced by words that occur nowhere else."""
    return WORD.sub(lambda word: "".join(rng.choices("bcdfghklmnprst", k=7)) if rng.random() < changed else word.group(), text)


def plant(documents, pairs, seed=0):
    """Documents with their copies strewn in, and (id, id of the copy, Jaccard of the two) of each pair."""
    rng = random.Random(seed)
    long_enough = [document for document in documents if len(words(document["text"])) >= 100]
    planted, truth = list(documents), []
    for i, original in enumerate(rng.sample(long_enough, min(pairs, len(long_enough)))):
        # (1 - changed)^5 shingles are left: that is the share kept, s, of a likeness of s / (2 - s).
        likeness = 0.5 + 0.5 * (i + 0.5) / pairs
        kept = 2 * likeness / (1 + likeness)
        text = copy(original["text"], 1 - kept ** (1 / SHINGLE), rng)
        near = {"id": f"{original['id']}#copy", "text": text, "score": 0}
        planted.insert(rng.randrange(len(planted) + 1), near)
        truth.append((original["id"], near["id"], jaccard(original["text"], text)))
    return planted, truth
