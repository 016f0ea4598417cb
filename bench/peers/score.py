"""Compares with transformers what Onset computes from one folder: log-probabilities, tokens, greedy completions.

python score.py FOLDER; prints a line for each, and JSON {"fine": true|false} on the last.
"""

import json
import pathlib
import random
import sys
import tempfile

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

import processes
import texts

TOLERANCE = 1e-3
TEXT_BYTES = 2_000_000
SCORED_TEXTS, SCORED_TOKENS = 4, 200
PROMPTS, NEW_TOKENS = 50, 32
TIE = 1e-3  # where the two likeliest logits are nearer than this, rounding may choose either


def compare_scores(folder, model, documents):
    largest = 0.0
    for document in documents:
        tokens = document[:SCORED_TOKENS]
        with torch.no_grad():
            logits = model(torch.tensor([tokens])).logits[0].double().log_softmax(-1)
        theirs = [logits[t, tokens[t + 1]].item() for t in range(len(tokens) - 1)]
        ours = processes.onset("score", folder, "--tokens", " ".join(map(str, tokens)), "--json")["logprobs"]
        assert ours[0] is None and len(ours) == len(tokens)
        largest = max(largest, *(abs(a - b) for a, b in zip(ours[1:], theirs)))
    print(f"log-probabilities of {len(documents)} texts: largest difference {largest:.1e} (at most {TOLERANCE:.0e})")
    return largest <= TOLERANCE


def compare_tokens(documents, theirs, ours):
    different = [i for i in range(len(documents)) if theirs[i] != ours[i]]
    size = sum(len(document.encode()) for document in documents)
    count = sum(map(len, theirs))
    print(f"tokens of {size:,} bytes of text, {count:,}: {len(different)} of {len(documents)} documents differ")
    for i in different[:3]:
        at = next((k for k, (a, b) in enumerate(zip(theirs[i], ours[i])) if a != b), min(len(theirs[i]), len(ours[i])))
        print(f"  document {i}, token {at}: theirs {theirs[i][at:at + 5]}, ours {ours[i][at:at + 5]}")
    return not different


def compare_completions(model, prompts, ours, stops):
    """Theirs one prompt at a time; ours all together. A difference counts unless it is a tie."""
    same = ties = 0
    wrong = []
    for number, (prompt, mine) in enumerate(zip(prompts, ours)):
        with torch.no_grad():
            made = model.generate(
                torch.tensor([prompt]),
                attention_mask=torch.ones((1, len(prompt)), dtype=torch.long),
                max_new_tokens=NEW_TOKENS,
                do_sample=False,
                eos_token_id=stops,
                pad_token_id=stops[0],
            )[0, len(prompt):].tolist()
        if made == mine:
            same += 1
            continue
        at = next((k for k, (a, b) in enumerate(zip(made, mine)) if a != b), min(len(made), len(mine)))
        with torch.no_grad():
            best = model(torch.tensor([prompt + made[:at]])).logits[0, -1].topk(2)
        if (best.values[0] - best.values[1]).item() < TIE:
            ties += 1
        else:
            wrong.append(f"  prompt {number}, token {at}: theirs {made[at:at + 5]}, ours {mine[at:at + 5]}")
    print(f"greedy completions of {len(prompts)} prompts: {same} the same, {ties} part at a tie, {len(wrong)} differ")
    print("\n".join(wrong[:3]), end="\n" if wrong else "")
    return not wrong


def stop_tokens(folder):
    file = pathlib.Path(folder) / "generation_config.json"
    stops = json.loads(file.read_text()).get("eos_token_id", [])
    return stops if isinstance(stops, list) else [stops]


def main():
    folder = sys.argv[1]
    torch.set_num_threads(processes.THREADS)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = Tokenizer.from_file(str(pathlib.Path(folder) / "tokenizer.json"))
    documents = texts.texts(TEXT_BYTES)
    theirs = [tokenizer.encode(document, add_special_tokens=False).ids for document in documents]

    rng = random.Random(1)
    prompts = [theirs[i][: rng.randint(5, 60)] for i in range(PROMPTS)]
    requests = {"texts": documents, "prompts": prompts, "max_new_tokens": NEW_TOKENS}
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(requests, file)
        file.flush()
        ours = processes.onset("bench", "answers", folder, file.name)

    fine = compare_scores(folder, model, theirs[:SCORED_TEXTS])
    fine &= compare_tokens(documents, theirs, ours["tokens"])
    fine &= compare_completions(model, prompts, ours["completions"], stop_tokens(folder))
    print(json.dumps({"fine": fine}))


if __name__ == "__main__":
    main()
