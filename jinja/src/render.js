// What Onset calls in Hugging Face's template engine.
import { Environment, Template } from "@huggingface/jinja";

// Templates are written for Python, whose white space differs from JavaScript's in a handful of characters.
const SPACE = "(?:(?!\\uFEFF)[\\s\\x1c-\\x1f\\x85])+";
const LEADING = new RegExp("^" + SPACE);
const TRAILING = new RegExp(SPACE + "$");
String.prototype.trimStart = function () {
  return this.replace(LEADING, "");
};
String.prototype.trimEnd = function () {
  return this.replace(TRAILING, "");
};
String.prototype.trim = function () {
  return this.trimStart().trimEnd();
};

// Python's strip takes the characters to be stripped; the engine's strips white space, whatever it is given.
function strip(text, characters, left, right) {
  let start = 0;
  let end = text.length;
  while (left && start < end && characters.includes(text[start])) start++;
  while (right && end > start && characters.includes(text[end - 1])) end--;
  return text.slice(start, end);
}
const example = new Environment();
const FunctionValue = example.set("a function", () => 0).constructor;
const StringValue = example.set("a text", "").constructor;
const builtinsOf = Object.getOwnPropertyDescriptor(StringValue.prototype, "builtins").get;
Object.defineProperty(StringValue.prototype, "builtins", {
  get() {
    const builtins = builtinsOf.call(this); // kept by the engine, one a text
    if (!this.stripsCharacters) {
      this.stripsCharacters = true;
      for (const [name, left, right] of [["strip", true, true], ["lstrip", true, false], ["rstrip", false, true]]) {
        const white = builtins.get(name).value;
        const stripped = (args, scope) =>
          args[0] instanceof StringValue
            ? new StringValue(strip(this.value, args[0].value, left, right))
            : white(args, scope);
        builtins.set(name, new FunctionValue(stripped));
      }
    }
    return builtins;
  },
});

// The engine declares its own globals first, and refuses to have one declared again.
const declare = Environment.prototype.set;
Environment.prototype.set = function (name, value) {
  this.variables.delete(name);
  return declare.call(this, name, value);
};

globalThis.parseTemplate = (source) => new Template(source);

/**
 * Renders with variables in JSON. strftimeNow takes a format and gives a text. Returns an object with text, or with
 * what the template itself raised, or with what the engine failed at.
 */
globalThis.renderTemplate = (template, variables, strftimeNow) => {
  let raised;
  const raise_exception = (message) => {
    raised = String(message);
    throw new Error(raised);
  };
  const strftime_now = (format) => String(strftimeNow(String(format)));
  try {
    return { text: template.render({ ...JSON.parse(variables), raise_exception, strftime_now }) };
  } catch (failure) {
    return raised === undefined ? { failed: String(failure.message) } : { raised };
  }
};
