"""Two megabytes of text that tries a tokenizer: words, numbers, code, spaces, other scripts, signs. Made, not found."""

import random

WORDS = """the of and to in a is that for it as was with be by on not he his but at are this have from or had an they
which one you were all her she there would their we him been has when who will no more if out so up said what its
about than into them can only other time new some could these two may first then do any like my now over such our man
me even most made after also did many off before must well back through years where much your way don't it's I'm
you've we'll they'd can't O'Neill's Don'T mother-in-law café naïve façade Straße Übermut coöperate résumé""".split()
OTHER = [
    "Привет, как дела? Всё хорошо.", "你好，世界。今天天气很好！", "こんにちは、元気ですか？", "안녕하세요 여러분",
    "مرحبا بالعالم", "שלום עולם", "नमस्ते दुनिया", "สวัสดีชาวโลก", "Γειά σου Κόσμε", "Xin chào thế giới",
    "🙂🙃🚀", "👩‍👩‍👧‍👦 🇩🇪", "e\u0301 n\u0303 A\u030a", "ﬁ ﬂ ½ ² ™ ﷺ", "\u200bzero\u200bwidth", "a\u00a0b\u2003c", "𝒳𝔜ℤ",
]
CODE = [
    "def f(x):\n    return x ** 2 + 1\n", "for (int i = 0; i < n; i++) {\n\t\tsum += a[i];\n}\n", "SELECT * FROM t WHERE a >= 3;\n",
    "<p class=\"x\">text</p>\r\n", "{\"key\": [1, 2.5, null], \"k\": \"\\u00e9\"}\n", "x = y if z else None  # why?\n",
    "$ ls -la | grep '\\.txt$' > out 2>&1\n", "https://example.org/a/b?c=d&e=%20f#g\n",
]
SIGNS = list(".,;:!?-–—…()[]{}<>/\\|@#$%^&*_+=~`'\"“”‘’«»•")


def piece(rng):
    kind = rng.randrange(12)
    if kind < 6:
        words = [rng.choice(WORDS) for _ in range(rng.randint(1, 14))]
        words = [w.upper() if rng.random() < 0.03 else w.capitalize() if rng.random() < 0.1 else w for w in words]
        return " ".join(words) + rng.choice([". ", ", ", "; ", "? ", "!\n", ".\n\n", " "])
    if kind == 6:
        return rng.choice(["", " ", "-"]) + str(rng.randint(0, 10 ** rng.randint(1, 12))) + rng.choice(["", " ", "%", "th ", ".5 ", ",000"])
    if kind == 7:
        return rng.choice(OTHER) + rng.choice(["", " ", "\n"])
    if kind == 8:
        return rng.choice(CODE)
    if kind == 9:
        return rng.choice([" ", "\n", "\t", "\r\n"]) * rng.randint(1, 9)
    if kind == 10:
        return "".join(rng.choice(SIGNS) for _ in range(rng.randint(1, 6))) + rng.choice(["", " "])
    return "".join(chr(rng.choice([rng.randint(33, 126), rng.randint(161, 0x2AF), rng.randint(0x400, 0x4FF)])) for _ in range(rng.randint(1, 8)))


def texts(total_bytes, seed=0):
    """Documents of one to four kilobytes."""
    rng = random.Random(seed)
    made, size = [], 0
    while size < total_bytes:
        wanted, pieces, length = rng.randint(1_000, 4_000), [], 0
        while length < wanted:
            pieces.append(piece(rng))
            length += len(pieces[-1].encode())
        made.append("".join(pieces))
        size += length
    return made
