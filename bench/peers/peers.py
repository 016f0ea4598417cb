"""Prints ours beside theirs. Started by `run`, which says how; ends with 1 where a target is missed or results differ."""

import json
import os
import platform
import shutil
import subprocess
import sys

from processes import HERE, THREADS, onset, peer

SHAPES = ["world", "medium", "smollm2-135m"]
STEPS = {"world": 60, "medium": 7, "smollm2-135m": 5}
CONFIGURATIONS = [(mode, dtype) for mode in ("eager", "compile") for dtype in ("float32", "bfloat16")]

# Of the best of theirs, and bytes at most.
TRAIN_RATIO = {"world": 2.2, "medium": 1.15, "smollm2-135m": 1.15}
TRAIN_BYTES = {"medium": 900e6, "smollm2-135m": 3.5e9}
DECODE_RATIO = {(1, "float32"): 2.5, (1, "bfloat16"): 4.0, (32, "float32"): 3.0, (32, "bfloat16"): 3.0}
SAFEBEAM_RATIO = 1.3
LATE_OVER_EARLY = 1.1
LOSS_TOLERANCE = {"float32": 1e-4, "bfloat16": 1e-2}


class Targets:
    """What was wanted and what came out."""

    def __init__(self):
        self.missed = 0

    def line(self, what, value, wanted, fine):
        self.missed += not fine
        print(f"  {what}: {value} (target {wanted}){'' if fine else '  missed'}")


def mib(count):
    return "unknown" if count is None else f"{count / 2**20:,.0f} MiB"


def row(name, dtype, rate, peak, ratio=""):
    print(f"  {name:<22} {dtype:<9} {rate:>10,.1f} {mib(peak):>12} {ratio:>8}")


def train(shape, targets):
    folder = HERE / ".work" / shape
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(exist_ok=True)
    ours = onset("bench", "train", "--shape", shape, "--threads", THREADS, "--inputs", folder, "--json")
    theirs = {
        (mode, dtype): peer("train.py", folder, mode, dtype, STEPS[shape]) for mode, dtype in CONFIGURATIONS
    }
    first_losses = json.loads((folder / "first-losses.json").read_text())
    shutil.rmtree(folder)

    peak = ours["gemm_peak_gflops"]
    mine, plain = ours["ours"], ours["eager_plain"]
    print(f"\ntraining, {shape} (GEMM peak {peak['f32']:.0f} GFLOP/s f32, {peak['bf16']:.0f} bf16)")
    print(f"  {'':<22} {'dtype':<9} {'tokens/s':>10} {'peak memory':>12} {'ours is':>8}")
    for (mode, dtype), their in theirs.items():
        name = "torch.compile" if mode == "compile" else "PyTorch eager"
        ratio = mine["tokens_per_second"] / their["tokens_per_second"]
        row(name, dtype, their["tokens_per_second"], their["peak_memory_bytes"], f"{ratio:.2f}×")
    ratio = mine["tokens_per_second"] / plain["tokens_per_second"]
    row("libtorch, plain", plain["dtype"], plain["tokens_per_second"], plain["peak_memory_bytes"], f"{ratio:.2f}×")
    of_peak = mine["gflops"] / peak["bf16" if mine["dtype"] == "bfloat16" else "f32"]
    row("Onset", mine["dtype"], mine["tokens_per_second"], mine["peak_memory_bytes"])
    print(f"  Onset makes {mine['gflops']:.1f} GFLOP/s, {of_peak:.0%} of the peak")

    best = max(their["tokens_per_second"] for their in theirs.values())
    ratio = mine["tokens_per_second"] / best
    targets.line("ours over the best of theirs", f"{ratio:.2f}×", f"≥ {TRAIN_RATIO[shape]}×", ratio >= TRAIN_RATIO[shape])
    if shape in TRAIN_BYTES and mine["peak_memory_bytes"] is not None:
        wanted = TRAIN_BYTES[shape]
        targets.line("our peak memory", mib(mine["peak_memory_bytes"]), f"≤ {mib(wanted)}", mine["peak_memory_bytes"] <= wanted)
    reference = theirs["eager", "float32"]["first_loss"]
    for name, side in (("ours", mine), ("eager_plain", plain)):
        difference = abs(first_losses[name] - reference) / reference
        wanted = LOSS_TOLERANCE[side["dtype"]]
        targets.line(f"first loss, {name} against PyTorch", f"{difference:.1e}", f"≤ {wanted:.0e}", difference <= wanted)


def models():
    return subprocess.run([str(HERE / "models")], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def gguf():
    command = [str(HERE / "models"), "--gguf"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def decode(targets):
    folder = models()
    ours = onset("bench", "decode", "--model", folder, "--threads", THREADS, "--json")
    print(f"\ndecoding, {ours['prompt_tokens']}-token prompts, {ours['new_tokens']} new tokens")
    print(f"  {'':<22} {'dtype':<9} {'tokens/s':>10} {'peak memory':>12} {'ours is':>8}")
    theirs = {key: peer("decode.py", folder, "transformers", key[1], key[0]) for key in DECODE_RATIO}
    llama = peer("decode.py", gguf(), "llama.cpp", "q4_1", 1)
    for rows in ours["decoding"]:
        key = rows["batch"], rows["dtype"]
        rate = rows["generate_tokens_per_second"]
        ratio = rate / theirs[key]["tokens_per_second"]
        row(f"transformers, batch {key[0]}", key[1], theirs[key]["tokens_per_second"], theirs[key]["peak_memory_bytes"], f"{ratio:.2f}×")
        row(f"Onset, batch {key[0]}", key[1], rate, None)
        targets.line("ours over theirs", f"{ratio:.2f}×", f"≥ {DECODE_RATIO[key]}×", ratio >= DECODE_RATIO[key])
        late = rows["late_seconds_per_token"] / rows["early_seconds_per_token"]
        targets.line("time per token, late over early", f"{late:.2f}", f"≤ {LATE_OVER_EARLY}", late <= LATE_OVER_EARLY)
        print(f"  the machine's limit: {rows['limit_tokens_per_second']:.0f} tokens/s")
    row("llama.cpp, batch 1", "q4_1", llama["tokens_per_second"], llama["peak_memory_bytes"])
    for search in ours["safebeam"]:
        what = f"SafeBeam {search['beams']} × {search['extensions']}, {search['dtype']}, over a plain step"
        targets.line(what, f"{search['ratio']:.2f}", f"≤ {SAFEBEAM_RATIO}", search["ratio"] <= SAFEBEAM_RATIO)


def score(targets):
    folder = models()
    print("\nwhat is computed, beside transformers", flush=True)
    ran = subprocess.run([sys.executable, str(HERE / "score.py"), folder], check=True, stdout=subprocess.PIPE, text=True)
    *lines, last = ran.stdout.splitlines()
    print("\n".join(f"  {line}" for line in lines))
    targets.line("everything agrees", *(("yes", "yes", True) if json.loads(last)["fine"] else ("no", "yes", False)))


def main():
    words = sys.argv[1:] or ["all"]
    targets = Targets()
    if words[0] == "data":
        from data import data

        print(f"{THREADS} processors of {os.cpu_count()}, {platform.processor() or platform.machine()}")
        data(words[1:], targets)
        end(targets)
    shapes = words[1:] or SHAPES
    if words[0] not in ("all", "train", "decode", "score") or set(shapes) - set(SHAPES) or (words[0] != "train" and words[1:]):
        sys.exit(f"usage: bench/peers/run [train [{'|'.join(SHAPES)}]… | decode | score | data TOKENIZER_FOLDER TEXT.jsonl…]")
    import torch

    print(f"{THREADS} threads of {os.cpu_count()}, {platform.processor() or platform.machine()}, PyTorch {torch.__version__}")
    if words[0] in ("all", "train"):
        for shape in shapes:
            train(shape, targets)
    if words[0] in ("all", "decode"):
        decode(targets)
    if words[0] in ("all", "score"):
        score(targets)
    end(targets)


def end(targets):
    print(f"\n{targets.missed} missed" if targets.missed else "\nnothing missed")
    sys.exit(targets.missed > 0)


if __name__ == "__main__":
    main()
