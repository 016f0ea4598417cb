"""Writes what transformers renders from chat templates, for the tests' golden files.

    python golden.py [FOLDER]

FOLDER (by default the tests' own) holds templates, *.jinja, and conversations.json; expected.json is written there.
The clock stands still, as in the tests.
"""

import datetime
import json
import pathlib
import sys

from jinja2.exceptions import TemplateError
from transformers.utils import chat_template_utils

HERE = pathlib.Path(__file__).parent
FOLDER = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "src/test/resources/org/onset/token/chat"


class StoppedClock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2031, 9, 7, 8, 5, 3)


def render(template, conversation):
    messages = conversation["messages"]
    options = {name: value for name, value in conversation.items() if name != "messages"}
    try:
        [text], _ = chat_template_utils.render_jinja_template(
            [messages], chat_template=template, bos_token="<s>", eos_token="</s>", **options
        )
        return {"text": text}
    except Exception as error:  # whatever a template does to messages that it wasn't made for
        return {"raised" if type(error) is TemplateError else "failed": str(error)}


chat_template_utils.datetime = StoppedClock
conversations = json.loads((FOLDER / "conversations.json").read_text(encoding="utf-8"))
expected = {
    file.name: {name: render(file.read_text(encoding="utf-8"), each) for name, each in conversations.items()}
    for file in sorted(FOLDER.glob("*.jinja"))
}
(FOLDER / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
