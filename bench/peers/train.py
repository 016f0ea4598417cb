"""Trains the twin on one batch: python train.py FOLDER eager|compile float32|bfloat16 STEPS; prints JSON.

FOLDER is what `onset bench train --inputs` leaves. bfloat16 is autocast over float32 weights, as it is commonly done.
"""

import json
import pathlib
import statistics
import sys
import time

import torch

import processes
import twin

WARM_UP_STEPS = 3


def main():
    folder, mode, dtype, steps = sys.argv[1:5]
    torch.set_num_threads(processes.THREADS)
    batch = json.loads((pathlib.Path(folder) / "batch.json").read_text())
    tokens = torch.tensor(batch["tokens"])
    model = twin.load(folder, tokens.shape[1] - 1)
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in parameters if p.dim() > 1], "weight_decay": 0.1},
            {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0.0},
        ],
        lr=1e-4,
        betas=(0.9, 0.95),
        eps=1e-8,
        fused=True,
    )
    forward = torch.compile(model) if mode == "compile" else model

    def step():
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == "bfloat16"):
            loss = forward(tokens)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        return loss.item()

    first_loss = step()
    for _ in range(WARM_UP_STEPS - 1):
        step()
    seconds = []
    for _ in range(int(steps)):
        started = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - started)
    print(
        json.dumps(
            {
                "tokens_per_second": tokens[:, 1:].numel() / statistics.median(seconds),
                "peak_memory_bytes": processes.peak_memory_bytes(),
                "first_loss": first_loss,
            }
        )
    )


if __name__ == "__main__":
    main()
