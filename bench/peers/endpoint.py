"""Builds a small corpus whose scorer and writers are SmolLM2-135M-Instruct, served on loopback by llama-cpp-python.

It checks the way and not the quality: so small a model hardly scores or rewrites. A second build must ask nothing.
"""

import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from processes import HERE, ONSET

POSTS = HERE.parent.parent / "corpora" / "example-posts.jsonl"
CORPUS = """
name: endpoint
documents:
  posts: {{files: ["{posts}"]}}
cleaning: {{nearDuplicates: off}}
scoring:
  labelled: [{{path: "{posts}", idColumn: id, textColumn: text, labelColumn: label, scores: {{insult: 3, threat: 4}}}}]
  llm: {{endpoint: {{baseUrl: "{url}", model: smollm2}}}}
interventions:
  rephrased:
    kind: rephrase
    scores: [1, 2, 3]
    writer: {{endpoint: {{baseUrl: "{url}", model: smollm2, tokenBudget: 200000}}, asking: {{maxTokens: 192}}}}
  refusal:
    kind: refuse
    scores: [4, 5]
    writer: {{endpoint: {{baseUrl: "{url}", model: smollm2, tokenBudget: 200000}}, asking: {{maxTokens: 256}}}}
tokenizer: {{vocabSize: 400}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, server):
    for _ in range(300):
        try:
            return urllib.request.urlopen(url + "/models", timeout=1).read()
        except OSError:
            if server.poll() is not None:
                sys.exit("the server ended")
            time.sleep(0.2)
    sys.exit("the server did not answer")


def build(corpus, out):
    started = time.monotonic()
    subprocess.run([ONSET, "data", "build", str(corpus), "--out", str(out)], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


def main():
    model = subprocess.run([str(HERE / "models"), "--gguf"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    port = free_port()
    url = f"http://127.0.0.1:{port}/v1"
    serve = ["-m", "llama_cpp.server", "--model", model, "--model_alias", "smollm2", "--host", "127.0.0.1"]
    server = subprocess.Popen(
        [sys.executable, *serve, "--port", str(port), "--n_ctx", "2048"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(url, server)
        with tempfile.TemporaryDirectory() as folder:
            corpus = pathlib.Path(folder) / "corpus.yaml"
            corpus.write_text(CORPUS.format(posts=POSTS, url=url))
            out = pathlib.Path(folder) / "out"
            first = build(corpus, out)
            card = json.loads((out / "card.json").read_text())
            answers = {path: path.read_bytes() for path in (out / "answers").rglob("*") if path.is_file()}
            server.kill()
            server.wait()
            second = build(corpus, out)  # nobody is there to be asked
            same = answers == {path: path.read_bytes() for path in (out / "answers").rglob("*") if path.is_file()}
            result = {
                "scores": {score: amount["documents"] for score, amount in card["scores"].items()},
                "streams": {name: stream["documents"] for name, stream in card["streams"].items()},
                "interventions": card["interventions"],
                "answers_kept": len(answers),
                "first_build_seconds": round(first, 1),
                "second_build_seconds": round(second, 1),
                "second_asked_nothing": same,
            }
            print(json.dumps(result, indent=2))
    finally:
        server.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
