// Bundles src/report.ts with what it uses of ECharts into the one script that report.html carries, and
// lays the licences of what is inside beside it.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";

const resources = "../src/main/resources/org/onset/report/";

// The bundle names what it was built from, so that a test notices when it has been left behind.
const sources = createHash("sha256");
for (const file of ["package-lock.json", ...(await readdir("src")).sort().map((name) => "src/" + name)]) {
  sources.update(await readFile(file));
}

await build({
  entryPoints: ["src/report.ts"],
  outfile: resources + "report.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "ascii",
  legalComments: "none",
  banner: {
    js:
      "/* Onset's plots with Apache ECharts, ZRender, d3 and tslib (licences: third-party.txt), built from sources " +
      sources.digest("hex") + " */",
  },
});

const packages = [
  ["echarts", ["NOTICE", "LICENSE", "licenses/LICENSE-d3"]],
  ["zrender", ["LICENSE"]],
  ["tslib", ["LICENSE.txt"]],
];
const parts = ["What report.js carries besides Onset's own code, with its licences. Written by charts/build.mjs.\n"];
for (const [name, files] of packages) {
  const { version, license } = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
  parts.push(`${"=".repeat(78)}\n${name} ${version} (${license})\n${"=".repeat(78)}\n`);
  for (const file of files) {
    const text = await readFile(`node_modules/${name}/${file}`, "utf8");
    parts.push(`--- ${name}/${file}\n\n${text.replace(/\r\n/g, "\n").trim()}\n`);
  }
}
await writeFile(resources + "third-party.txt", parts.join("\n"));
