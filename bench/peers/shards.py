"""Reads a built corpus's shards with Megatron-LM's own reader, and compares every document with the published texts.

Usage: shards.py CORPUS_FOLDER
Ids are turned into text by Hugging Face's tokenizers; the tag and the end of text are the tokenizer's special tokens.
"""

import glob
import io
import json
import os
import sys

import zstandard
from megatron.core.datasets.indexed_dataset import IndexedDataset
from tokenizers import Tokenizer


def texts(folder):
    for name in sorted(glob.glob(os.path.join(folder, "*.jsonl.zst"))):
        with open(name, "rb") as packed:
            plain = io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True))
            for line in io.TextIOWrapper(plain, encoding="utf-8", newline="\n"):
                yield json.loads(line)


def main(corpus):
    tokenizer = Tokenizer.from_file(os.path.join(corpus, "tokenizer", "tokenizer.json"))
    with open(os.path.join(corpus, "tokenizer", "tokenizer_config.json"), encoding="utf-8") as file:
        config = json.load(file)
    end = tokenizer.token_to_id(config.get("eos_token", "<|endoftext|>"))
    different = 0
    for index in sorted(glob.glob(os.path.join(corpus, "streams", "*.idx"))):
        prefix = index[: -len(".idx")]
        stream = os.path.basename(prefix)
        if stream.endswith("_mask"):
            continue
        shard = IndexedDataset(prefix)
        mask = IndexedDataset(prefix + "_mask") if os.path.exists(prefix + "_mask.idx") else None
        tokens = 0
        documents = 0
        for document in texts(os.path.join(corpus, "texts", stream)):
            ids = [int(each) for each in shard[documents]]
            equal = ids[-1] == end and tokenizer.decode(ids[:-1], skip_special_tokens=False) == document["text"]
            if mask is not None:
                marks = mask[documents]
                inserted = document.get("inserted", [])
                wanted = document["text"].encode("utf-16-le")
                spans = [wanted[2 * a : 2 * b].decode("utf-16-le") for a, b in zip(inserted[::2], inserted[1::2])]
                marked = [each for each, mark in zip(ids, marks) if mark]
                equal &= len(marks) == len(ids) and tokenizer.decode(marked) == "".join(spans)
            different += not equal
            tokens += len(ids)
            documents += 1
        different += len(shard) != documents
        print(f"{stream}: {documents} documents, {tokens} tokens, {shard.index.dtype.__name__}")
    print("all equal" if different == 0 else f"{different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
