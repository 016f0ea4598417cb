"""Times transformers or llama.cpp: python decode.py MODEL transformers|llama.cpp float32|bfloat16|q4_1 BATCH; prints JSON.

MODEL is a Hugging Face folder, or a GGUF file for llama.cpp. Prompts are random tokens, 45 of them; 64 are made.
"""

import json
import random
import statistics
import sys
import time

import processes

PROMPT_TOKENS, NEW_TOKENS, REPEATS = 45, 64, 3


def transformers(folder, dtype, batch):
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(processes.THREADS)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, dtype)).eval()
    torch.manual_seed(0)
    prompts = torch.randint(3, model.config.vocab_size, (batch, PROMPT_TOKENS))

    def generate():
        made = model.generate(
            prompts,
            attention_mask=torch.ones_like(prompts),
            min_new_tokens=NEW_TOKENS,
            max_new_tokens=NEW_TOKENS,
            do_sample=False,
        )
        assert made.shape == (batch, PROMPT_TOKENS + NEW_TOKENS)

    return generate


def llama_cpp(file):
    from llama_cpp import Llama

    model = Llama(file, n_ctx=256, n_threads=processes.THREADS, n_threads_batch=processes.THREADS, verbose=False)
    prompt = random.Random(0).choices(range(3, model.n_vocab()), k=PROMPT_TOKENS)

    def generate():
        model.reset()
        made = model.generate(prompt, temp=0.0, top_k=1, reset=True)
        for _ in range(NEW_TOKENS):
            next(made)

    return generate


def main():
    model, stack, dtype, batch = sys.argv[1:5]
    generate = llama_cpp(model) if stack == "llama.cpp" else transformers(model, dtype, int(batch))
    generate()
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        generate()
        seconds.append(time.perf_counter() - started)
    tokens_per_second = int(batch) * NEW_TOKENS / statistics.median(seconds)
    print(json.dumps({"tokens_per_second": tokens_per_second, "peak_memory_bytes": processes.peak_memory_bytes()}))


if __name__ == "__main__":
    main()
