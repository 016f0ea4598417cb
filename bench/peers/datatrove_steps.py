"""datatrove's repetition filter, MinHash deduplication and tokenization of JSON lines, as its examples put them together.

datatrove_steps.py IN.jsonl TOKENIZER.json WORK [--no-filter]: prints seconds by step and the ids that went, as JSON.
"""

import gzip
import json
import pathlib
import sys
import time

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
from datatrove.pipeline.filters import GopherRepetitionFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.tokens import DocumentTokenizer
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.hashing import HashConfig

from processes import THREADS

BUCKETS = 14


def split(source, folder):
    """The same lines in as many files as there are workers, since a file is a task's."""
    folder.mkdir(parents=True)
    files = [gzip.open(folder / f"{i:05d}.jsonl.gz", "wt", compresslevel=1) for i in range(THREADS)]
    documents, size = 0, 0
    with open(source, encoding="utf-8") as lines:
        for line in lines:
            files[documents % THREADS].write(line)
            documents += 1
            size += len(json.loads(line)["text"].encode())
    for file in files:
        file.close()
    return documents, size


def run(name, pipeline, tasks, seconds, work):
    started = time.monotonic()
    LocalPipelineExecutor(
        pipeline=pipeline, tasks=tasks, workers=min(tasks, THREADS), logging_dir=str(work / "logs" / name)
    ).run()
    seconds[name] = time.monotonic() - started
    if tasks > 1:  # a single one runs in this process
        seconds[name] -= seconds.get("start", 0)


def ids(folder):
    found = []
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            found += [json.loads(line)["id"] for line in lines]
    return found


def main():
    source, tokenizer, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    filtered = "--no-filter" not in sys.argv[4:]
    documents, size = split(source, work / "in")
    config = MinhashConfig(hash_config=HashConfig(precision=64), num_buckets=BUCKETS, hashes_per_bucket=8, n_grams=5)
    kept = str(work / "in")
    seconds = {}
    # What it takes to start workers that do nothing; it isn't counted in any other step.
    run("start", [JsonlReader(kept, limit=0)], THREADS, seconds, work)
    if filtered:
        kept = str(work / "kept")
        run("filter", [JsonlReader(str(work / "in")), GopherRepetitionFilter(exclusion_writer=JsonlWriter(str(work / "repetitive"))),
                       JsonlWriter(kept)], THREADS, seconds, work)
    run("signatures", [JsonlReader(kept), MinhashDedupSignature(str(work / "signatures"), config=config)], THREADS, seconds, work)
    run("buckets", [MinhashDedupBuckets(str(work / "signatures"), str(work / "buckets"), config=config)], BUCKETS, seconds, work)
    run("clusters", [MinhashDedupCluster(str(work / "buckets"), str(work / "remove"), config=config)], 1, seconds, work)
    run("remove", [JsonlReader(kept), MinhashDedupFilter(str(work / "remove"), exclusion_writer=JsonlWriter(str(work / "removed"))),
                   JsonlWriter(str(work / "unique"))], THREADS, seconds, work)
    run("tokens", [JsonlReader(str(work / "unique")), DocumentTokenizer(str(work / "tokens"), tokenizer, eos_token="<|endoftext|>",
                   local_working_dir=str(work / "scratch"), shuffle_documents=False)], THREADS, seconds, work)
    print(json.dumps({"documents": documents, "bytes": size, "seconds": seconds,
                      "repetitive": ids(work / "repetitive"), "removed": ids(work / "removed")}))


if __name__ == "__main__":
    main()
