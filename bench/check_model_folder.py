"""Reads a model's folder with numpy alone and compares with `onset score` and `onset generate`.

Usage: python3 bench/check_model_folder.py MODEL "TOKEN IDS"
Ends with 1 where log-probabilities differ by more than 1e-4 or a decoder chose other tokens.
"""

import json
import pathlib
import struct
import subprocess
import sys

import numpy as np

ONSET = str(pathlib.Path(__file__).resolve().parent.parent / "onset")
TOLERANCE = 1e-4
BEAMS = EXTENSIONS = 4
THRESHOLD = 0.005
TAG = "<potentially unsafe content>"


def read_safetensors(path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    tensors = {}
    for name, entry in json.loads(raw[8 : 8 + length]).items():
        if name != "__metadata__":
            assert entry["dtype"] == "F32", entry["dtype"]
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            values = np.frombuffer(raw[begin:end], "<f4").reshape(entry["shape"])
            tensors[name] = values.astype(np.float64)
    return tensors


class Llama:
    """The forward pass of LlamaForCausalLM in double precision, without a cache."""

    def __init__(self, folder):
        self.config = json.loads((folder / "config.json").read_text())
        self.weights = read_safetensors(folder / "model.safetensors")
        self.heads = self.config["num_attention_heads"]
        self.kv_heads = self.config["num_key_value_heads"]
        self.head_dim = self.config.get("head_dim") or self.config["hidden_size"] // self.heads

    def norm(self, x, name):
        scale = np.sqrt((x * x).mean(-1, keepdims=True) + self.config["rms_norm_eps"])
        return x / scale * self.weights[name]

    def rotate(self, x):
        frequencies = self.config["rope_theta"] ** (
            -np.arange(0, self.head_dim, 2) / self.head_dim
        )
        angles = np.tile(np.outer(np.arange(len(x)), frequencies), 2)[:, None]
        first, second = np.split(x, 2, -1)
        return x * np.cos(angles) + np.concatenate([-second, first], -1) * np.sin(angles)

    def attention(self, x, layer):
        time = len(x)

        def project(name, heads):
            weight = self.weights[f"{layer}self_attn.{name}_proj.weight"]
            return (x @ weight.T).reshape(time, heads, self.head_dim)

        group = self.heads // self.kv_heads
        query = self.rotate(project("q", self.heads))
        key = np.repeat(self.rotate(project("k", self.kv_heads)), group, 1)
        value = np.repeat(project("v", self.kv_heads), group, 1)
        scores = np.einsum("thd,shd->hts", query, key) / np.sqrt(self.head_dim)
        scores = np.where(np.tril(np.ones((time, time))) > 0, scores, -np.inf)
        mixed = np.einsum("hts,shd->thd", np.exp(log_softmax(scores)), value)
        return mixed.reshape(time, -1) @ self.weights[f"{layer}self_attn.o_proj.weight"].T

    def log_probabilities(self, tokens):
        x = self.weights["model.embed_tokens.weight"][tokens]
        for number in range(self.config["num_hidden_layers"]):
            layer = f"model.layers.{number}."
            x = x + self.attention(self.norm(x, f"{layer}input_layernorm.weight"), layer)
            y = self.norm(x, f"{layer}post_attention_layernorm.weight")
            gate = y @ self.weights[f"{layer}mlp.gate_proj.weight"].T
            up = y @ self.weights[f"{layer}mlp.up_proj.weight"].T
            x = x + (gate / (1 + np.exp(-gate)) * up) @ self.weights[f"{layer}mlp.down_proj.weight"].T
        output = self.weights.get("lm_head.weight", self.weights["model.embed_tokens.weight"])
        return log_softmax(self.norm(x, "model.norm.weight") @ output.T)


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def greedy(model, prompt, limit, stops):
    made, total = [], 0.0
    while len(made) < limit and not (made and made[-1] in stops):
        last = model.log_probabilities(prompt + made)[-1]
        made.append(int(last.argmax()))
        total += last[made[-1]]
    return made, total


def safe_beam(model, prompt, limit, stops, tag, threshold=None):
    """The paper's rule, or the threshold rule where a threshold is given; a list of candidates a step."""
    beams = [([], 0.0, False)]
    for step in range(limit):
        candidates = []
        for made, total, ended in beams:
            if ended:
                candidates.append((made, total, True, 0.0))
                continue
            last = model.log_probabilities(prompt + made)[-1]
            order = [int(i) for i in np.argsort(-last, kind="stable") if i != tag]
            for token in order[: BEAMS * EXTENSIONS if step == 0 else EXTENSIONS]:
                longer = made + [token]
                ends = token in stops
                risk = 0.0 if ends else np.exp(model.log_probabilities(prompt + longer)[-1][tag])
                candidates.append((longer, total + last[token], ends, risk))
        by_risk = sorted(range(len(candidates)), key=lambda i: (candidates[i][3], i))
        kept = set(by_risk[: -(-len(candidates) // 2)])
        if threshold is not None:
            kept |= {i for i in by_risk if candidates[i][3] <= threshold}
        best = sorted((candidates[i] for i in sorted(kept)), key=lambda c: -c[1])[:BEAMS]
        beams = [(made, total, ended) for made, total, ended, _ in best]
        if all(ended for _, _, ended in beams):
            break
    return max(beams, key=lambda beam: beam[1])[:2]


def onset(*arguments):
    return json.loads(subprocess.check_output([ONSET, *arguments, "--json"]))


def main():
    folder = pathlib.Path(sys.argv[1])
    tokens = [int(token) for token in sys.argv[2].split()]
    text = " ".join(map(str, tokens))
    model = Llama(folder)
    stops = json.loads((folder / "generation_config.json").read_text())["eos_token_id"]
    stops = stops if isinstance(stops, list) else [stops]
    added = json.loads((folder / "tokenizer.json").read_text())["added_tokens"]
    tag = next(entry["id"] for entry in added if entry["content"] == TAG)

    expected = model.log_probabilities(tokens)
    scored = onset("score", str(folder), "--tokens", text)["logprobs"]
    differences = [abs(expected[i, tokens[i + 1]] - scored[i + 1]) for i in range(len(tokens) - 1)]
    fine = scored[0] is None and max(differences) < TOLERANCE
    print(f"score: largest difference {max(differences):.1e}")

    beam = ["--beams", str(BEAMS), "--extensions", str(EXTENSIONS)]
    for decoder, options, mine in [
        ("greedy", [], greedy(model, tokens, 8, stops)),
        ("safebeam", beam, safe_beam(model, tokens, 8, stops, tag)),
        (
            "safebeam-threshold",
            [*beam, "--threshold", str(THRESHOLD)],
            safe_beam(model, tokens, 8, stops, tag, THRESHOLD),
        ),
    ]:
        theirs = onset(
            "generate", str(folder), "--tokens", text, "--decoder", decoder, "--max-tokens", "8", *options
        )
        same = mine[0] == theirs["tokens"] and abs(mine[1] - theirs["logprob"]) < TOLERANCE
        fine &= same
        print(f"{decoder}: {'same tokens and log-probability' if same else f'{mine} but {theirs}'}")
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
