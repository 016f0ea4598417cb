"""The corpus pipeline beside datatrove and tokenizers, on the same text and the same two processors."""

import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys

from planted import plant
from processes import HERE, ONSET, THREADS, onset

WORK = HERE / ".work" / "data"
STEPS_BYTES = 16e6  # datatrove takes a minute for it
TRAIN_BYTES = 50e6
MERGES = 32_000
PAIRS = 600
STEPS_RATIO = 15
ENCODE_RATIO = 5
THRESHOLD = 0.72  # near the steepest place of the curve of 14 bands of 8 rows: (1/14)^(1/8)


def documents(files, most_bytes):
    """Documents of JSON lines, plain or packed, until they hold so many bytes."""
    found, size = [], 0
    for name in files:
        with (gzip.open if name.endswith(".gz") else open)(name, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                record = json.loads(line)
                found.append({"id": str(record.get("id", len(found))), "text": record["text"], "score": 0})
                size += len(record["text"].encode())
                if size >= most_bytes:
                    return found
    return found


def write(name, records):
    file = WORK / name
    with open(file, "w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
    return file


def python(environment, script, *arguments, threads=THREADS):
    command = [str(HERE / "python"), *environment, str(HERE / script), *map(str, arguments)]
    settings = {**os.environ, "RAYON_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "true"}
    print("peers:", script, *arguments[:2], file=sys.stderr, flush=True)
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=settings)
    if ran.returncode:
        sys.exit(ran.stderr[-4_000:])  # datatrove says much; the end is why
    return json.loads(ran.stdout.splitlines()[-1])


def steps(records, tokenizer, targets):
    """The same three steps of both, then all of ours."""
    source = write("text.jsonl", records)
    theirs = python(["--datatrove"], "datatrove_steps.py", source, tokenizer / "tokenizer.json", WORK / "datatrove")
    ours = onset("bench", "data", "--input", source, "--tokenizer", tokenizer, "--score-column", "score", "--json")
    everything = onset("bench", "data", "--input", source, "--tokenizer", tokenizer, "--json")
    megabytes = theirs["bytes"] / 1e6
    print(f"\nrepetition filter, MinHash, tokenization: {theirs['documents']:,} documents, {megabytes:.1f} MB")
    start = theirs["seconds"].pop("start")
    total = sum(theirs["seconds"].values())
    for step, seconds in theirs["seconds"].items():
        print(f"  datatrove   {step:<12} {seconds:>8.2f} s {megabytes / seconds:>8.2f} MB/s")
    print(f"  datatrove   {'all':<12} {total:>8.2f} s {megabytes / total:>8.2f} MB/s")
    for name, measure in (("ours", ours), ("ours, whole", everything)):
        for step in measure["steps"]:
            print(f"  {name:<12}{step['name']:<12} {step['seconds']:>8.2f} s")
        print(f"  {name:<12}{'all':<12} {megabytes / measure['mb_per_second']:>8.2f} s {measure['mb_per_second']:>8.2f} MB/s")
    ratio = ours["mb_per_second"] * total / megabytes
    targets.line("the same steps, ours over datatrove", f"{ratio:.1f}×", f"≥ {STEPS_RATIO}×", ratio >= STEPS_RATIO)
    print(f"  with scores, tags and interventions: {everything['mb_per_second'] * total / megabytes:.1f}×")
    print(f"  not counted: Spark starts in {ours['start_seconds']:.1f} s, and datatrove's workers in {start:.1f} s at each step")
    return everything


def duplicates(records, tokenizer, targets):
    """Which planted copies each of the two finds."""
    planted, truth = plant(records, PAIRS)
    source = write("planted.jsonl", planted)
    theirs = python(["--datatrove"], "datatrove_steps.py", source, tokenizer / "tokenizer.json", WORK / "planted", "--no-filter")
    corpus = {
        "name": "planted",
        "documents": {"planted": {"files": [str(source)], "scoreColumn": "score"}},
        "cleaning": {"quality": "off", "nearDuplicates": {"threshold": THRESHOLD}},
        "tokenizer": {"path": str(tokenizer.resolve())},
    }
    (WORK / "planted.yaml").write_text(json.dumps(corpus))
    subprocess.run([ONSET, "data", "build", str(WORK / "planted.yaml"), "--out", str(WORK / "built")], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(WORK / "built" / "duplicates.jsonl", encoding="utf-8") as lines:
        our_jaccard = {(line["id"], line["of"]): line["jaccard"] for line in map(json.loads, lines)}
    ours, removed = {pair[0] for pair in our_jaccard}, set(theirs["removed"])
    print(f"\nplanted near-duplicates, found by whom; ours with a threshold of {THRESHOLD}")
    print(f"  {'Jaccard':<12} {'pairs':>6} {'both':>6} {'ours only':>10} {'theirs only':>12} {'neither':>8}")
    edges = [0, 0.5, 0.6, 0.7, THRESHOLD, 0.75, 0.8, 0.85, 0.9, 0.95, 1.01]
    missed = 0
    for low, high in zip(edges, edges[1:]):
        pairs = [pair[:2] for pair in truth if low <= pair[2] < high]
        found = [(bool(ours & set(pair)), bool(removed & set(pair))) for pair in pairs]
        counts = [found.count(which) for which in ((True, True), (True, False), (False, True), (False, False))]
        if low >= 0.9:
            missed += len(found) - counts[0]
        if pairs:
            print(f"  {low:.2f}–{min(high, 1):.2f}    {len(pairs):>6} {counts[0]:>6} {counts[1]:>10} {counts[2]:>12} {counts[3]:>8}")
    below = sum(bool(removed & set(pair[:2])) for pair in truth if pair[2] < THRESHOLD)
    natural = {document for pair in truth for document in pair[:2]}
    print(f"  not planted: both {len((ours & removed) - natural)}, ours only {len(ours - removed - natural)}, theirs only {len(removed - ours - natural)}")
    print(f"  theirs doesn't compare what it finds: {below} pairs below {THRESHOLD} went; of ours none is below, the least is {min(our_jaccard.values(), default=1):.3f}")
    targets.line("pairs above 0.9 that one of the two misses", missed, 0, missed == 0)


def encoding(records, tokenizer, ours, targets):
    source = write("encode.jsonl", records)
    print(f"\nencoding in memory, {ours['input_bytes'] / 1e6:.1f} MB")
    theirs = {n: python([], "tokenizing.py", "encode", tokenizer / "tokenizer.json", source, threads=n) for n in (1, THREADS)}
    for n, rate in theirs.items():
        print(f"  tokenizers, {n} thread{'s' if n > 1 else ' '} {rate['mb_per_second']:>8.1f} MB/s")
    mine = ours["tokenizer"]
    print(f"  its Java binding     {mine['hf_mb_per_second']:>8.1f} MB/s")
    print(f"  ours, {THREADS} threads      {mine['ours_mb_per_second']:>8.1f} MB/s")
    ratio = mine["ours_mb_per_second"] / theirs[THREADS]["mb_per_second"]
    targets.line("ours over tokenizers", f"{ratio:.1f}×", f"≥ {ENCODE_RATIO}×", ratio >= ENCODE_RATIO)
    targets.line("identical ids on all of it", mine["identical_ids"], True, mine["identical_ids"])


def training(files, targets):
    source = write("train.jsonl", documents(files, TRAIN_BYTES))
    size = source.stat().st_size / 1e6
    vocab_size = 5 + 256 + MERGES
    ours = onset("tokenizer", "train", "--input", source, "--vocab-size", vocab_size, "--out", WORK / "trained", "--json")
    theirs = python([], "tokenizing.py", "train", vocab_size, WORK / "trained" / "tokenizer.json", source)
    seconds = ours["counting_seconds"] + ours["merging_seconds"]
    print(f"\ntraining, {MERGES:,} merges on {size:.0f} MB")
    print(f"  tokenizers {theirs['seconds']:>8.1f} s")
    print(f"  ours       {seconds:>8.1f} s: reading and counting {ours['counting_seconds']:.1f}, merging {ours['merging_seconds']:.1f}")
    targets.line("ours over tokenizers", f"{theirs['seconds'] / seconds:.1f}×", "≥ 1×", theirs["seconds"] >= seconds)
    same = theirs["same_from_the_first"]
    targets.line("the same merges from the first on", f"{same:,}", f"{MERGES:,}", same == MERGES)


def data(words, targets):
    if len(words) < 2:
        sys.exit("usage: bench/peers/run data TOKENIZER_FOLDER TEXT.jsonl[.gz]…")
    tokenizer, files = pathlib.Path(words[0]).resolve(), words[1:]
    if hasattr(os, "sched_setaffinity"):  # every process from here on has the same two processors
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    records = documents(files, STEPS_BYTES)
    everything = steps(records, tokenizer, targets)
    duplicates(records, tokenizer, targets)
    encoding(records, tokenizer, everything, targets)
    training(files, targets)
    shutil.rmtree(WORK)
