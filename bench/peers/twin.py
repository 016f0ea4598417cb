"""The model that Onset trains, in plain PyTorch: RMSNorm, rotary positions, grouped queries, SwiGLU, tied output."""

import json
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn


class Norm(nn.Module):
    def __init__(self, dim, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.epsilon = epsilon

    def forward(self, x):
        return F.rms_norm(x, self.weight.shape, self.weight, self.epsilon)


def rotate(x, cos, sin):
    """x is [batch, head, time, head_dim]; entry i turns together with entry i + head_dim / 2."""
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat((-second, first), -1) * sin


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        dim, self.head_dim = config["hidden_size"], config["head_dim"]
        queries = config["num_attention_heads"] * self.head_dim
        keys = config["num_key_value_heads"] * self.head_dim
        self.q_proj = nn.Linear(dim, queries, bias=False)
        self.k_proj = nn.Linear(dim, keys, bias=False)
        self.v_proj = nn.Linear(dim, keys, bias=False)
        self.o_proj = nn.Linear(queries, dim, bias=False)

    def forward(self, x, cos, sin):
        batch, time, _ = x.shape

        def heads(projection):
            return projection(x).view(batch, time, -1, self.head_dim).transpose(1, 2)

        query, key = rotate(heads(self.q_proj), cos, sin), rotate(heads(self.k_proj), cos, sin)
        value = heads(self.v_proj)
        grouped = key.shape[1] != query.shape[1]
        y = F.scaled_dot_product_attention(query, key, value, is_causal=True, enable_gqa=grouped)
        return self.o_proj(y.transpose(1, 2).reshape(batch, time, -1))


class FeedForward(nn.Module):
    def __init__(self, config):
        super().__init__()
        dim, inner = config["hidden_size"], config["intermediate_size"]
        self.gate_proj = nn.Linear(dim, inner, bias=False)
        self.up_proj = nn.Linear(dim, inner, bias=False)
        self.down_proj = nn.Linear(inner, dim, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.input_layernorm = Norm(config["hidden_size"], config["rms_norm_eps"])
        self.self_attn = Attention(config)
        self.post_attention_layernorm = Norm(config["hidden_size"], config["rms_norm_eps"])
        self.mlp = FeedForward(config)

    def forward(self, x, cos, sin):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin)
        return x + self.mlp(self.post_attention_layernorm(x))


class Twin(nn.Module):
    """Its parameters have the names of a Hugging Face folder, without their first word, `model`."""

    def __init__(self, config, time):
        super().__init__()
        self.embed_tokens = nn.Embedding(config["vocab_size"], config["hidden_size"])
        self.layers = nn.ModuleList(Block(config) for _ in range(config["num_hidden_layers"]))
        self.norm = Norm(config["hidden_size"], config["rms_norm_eps"])
        half = torch.arange(0, config["head_dim"], 2, dtype=torch.float64) / config["head_dim"]
        angles = torch.outer(torch.arange(time, dtype=torch.float64), rope_theta(config) ** -half).repeat(1, 2)
        self.register_buffer("cos", angles.cos().float(), persistent=False)
        self.register_buffer("sin", angles.sin().float(), persistent=False)

    def forward(self, tokens):
        """The mean loss over all tokens but the first of each row; tokens is [batch, time + 1]."""
        x = self.embed_tokens(tokens[:, :-1])
        for block in self.layers:
            x = block(x, self.cos, self.sin)
        logits = F.linear(self.norm(x), self.embed_tokens.weight)
        return F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())


def rope_theta(config):
    """Where the two forms of config.json that are in use have it."""
    return (config.get("rope_parameters") or config)["rope_theta"]


def load(folder, time):
    folder = pathlib.Path(folder)
    config = json.loads((folder / "config.json").read_text())
    assert config["tie_word_embeddings"], "the twin's output matrix is its embedding"
    config.setdefault("head_dim", config["hidden_size"] // config["num_attention_heads"])
    model = Twin(config, time)
    weights = load_file(folder / "model.safetensors")
    model.load_state_dict({name.removeprefix("model."): weight for name, weight in weights.items()})
    return model
