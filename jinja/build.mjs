// Bundles src/render.js with Hugging Face's template engine into the one script that Onset runs on Rhino, and lays
// the engine's licence beside it.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import ts from "typescript";

const resources = "../src/main/resources/org/onset/token/";
const engine = "node_modules/@huggingface/jinja/";

// The bundle names what it was built from, so that a test notices when it has been left behind.
const sources = createHash("sha256");
for (const file of ["package-lock.json", "src/render.js"]) {
  sources.update(await readFile(file));
}

const bundled = await build({
  entryPoints: ["src/render.js"],
  bundle: true,
  write: false,
  format: "iife",
  target: "es2022",
  legalComments: "none",
});
// A class lowered to a function can't extend Error: what it makes is an Error and not of its own kind. The engine leaves
// loops by two such classes, told apart by their kind.
const [text, ...leaving] = bundled.outputFiles[0].text.split(/(?<=(?:Break|Continue)Control = class) extends Error/);
if (leaving.length !== 2) throw new Error("the engine no longer leaves loops by BreakControl and ContinueControl");
// Rhino has no classes and no spread of iterables; esbuild doesn't go below ES2015.
const lowered = ts.transpileModule([text, ...leaving].join(""), {
  compilerOptions: { target: ts.ScriptTarget.ES5, downlevelIteration: true, module: ts.ModuleKind.None },
});
const { version, license } = JSON.parse(await readFile(engine + "package.json", "utf8"));
await build({
  stdin: { contents: lowered.outputText },
  outfile: resources + "jinja.js",
  minify: true,
  target: "es5",
  charset: "ascii",
  legalComments: "none",
  banner: {
    js:
      `/* Hugging Face's template engine @huggingface/jinja ${version} (licence: jinja-licence.txt), built from sources ` +
      sources.digest("hex") + " */",
  },
});

const terms = await readFile(engine + "LICENSE", "utf8");
await writeFile(
  resources + "jinja-licence.txt",
  `What jinja.js carries besides Onset's own code, with its licence. Written by jinja/build.mjs.\n\n` +
    `@huggingface/jinja ${version} (${license})\n\n${terms.replace(/\r\n/g, "\n").trim()}\n`,
);
