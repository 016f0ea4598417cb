"""Hugging Face's tokenizers by themselves: MB/s of encoding in batches, or the seconds and merges of training.

tokenizing.py encode TOKENIZER.json IN.jsonl | train VOCAB_SIZE OURS.json IN.jsonl; threads by RAYON_NUM_THREADS.
"""

import json
import sys
import time

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

BATCH = 1_000


def texts(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def encode(file, source):
    tokenizer = Tokenizer.from_file(file)
    all_texts = texts(source)
    size = sum(len(text.encode()) for text in all_texts)
    tokenizer.encode_batch_fast(all_texts[:BATCH])
    started = time.monotonic()
    tokens = 0
    for i in range(0, len(all_texts), BATCH):
        tokens += sum(len(encoding.ids) for encoding in tokenizer.encode_batch_fast(all_texts[i : i + BATCH]))
    seconds = time.monotonic() - started
    return {"mb_per_second": size / 1e6 / seconds, "tokens": tokens}


def train(vocab_size, ours, source):
    their_own = json.load(open(ours, encoding="utf-8"))
    special = [token["content"] for token in their_own["added_tokens"]]
    all_texts = texts(source)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=int(vocab_size), special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    started = time.monotonic()
    tokenizer.train_from_iterator(all_texts, trainer)
    seconds = time.monotonic() - started
    merges = [tuple(merge) for merge in json.loads(tokenizer.to_str())["model"]["merges"]]
    mine = [tuple(merge.split(" ")) for merge in their_own["model"]["merges"]]
    same = next((i for i, (a, b) in enumerate(zip(merges, mine)) if a != b), min(len(merges), len(mine)))
    return {"seconds": seconds, "merges": len(merges), "our_merges": len(mine), "same_from_the_first": same}


if __name__ == "__main__":
    print(json.dumps(encode(*sys.argv[2:]) if sys.argv[1] == "encode" else train(*sys.argv[2:])))
