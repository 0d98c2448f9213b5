// Runs the engine where a browser runs it, in Pyodide, with nothing but what npm installed.
//
//   node pyodide.mjs ARCHIVE CONVERSATION OUTPUT ROOT...
//
// ARCHIVE is a zip of the program's modules and libraries, English along with them; of every ROOT, OUTPUT/<name>/ gets
// results.json and findings.json. CONVERSATION is JSON, [request, bytes in base64 or null] a line
// of it: OUTPUT/answers.json gets what the session of the form answers to each, in its order.
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { loadPyodide } from "pyodide";

const DATA = ["rubric.yml", "branches", "committee"];
const WITHOUT = ["lzma", "multiprocessing", "sqlite3", "ssl", "subprocess"];
const MODULES = "/modules";

/** Read a file as Pyodide takes it: node's own buffers are none of its kinds. */
const read = async (path) => new Uint8Array(await readFile(path));

/** Give path → bytes of the files at and below a path of a root. */
async function* filesBelow(root, path) {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch((error) => {
    if (error.code === "ENOTDIR") return null;
    throw error;
  });
  if (entries === null) yield [path, await read(join(root, path))];
  else for (const entry of entries) yield* filesBelow(root, `${path}/${entry.name}`);
}

/** Read the data of a root as a form would hold it: a map of paths. */
async function held(root) {
  const files = new Map();
  for (const path of DATA)
    for await (const [name, bytes] of filesBelow(root, path)) files.set(name, bytes);
  return files;
}

for (const name of ["fetch", "WebSocket", "XMLHttpRequest"])
  globalThis[name] = () => {
    throw new Error(`${name}: nothing is fetched at run time`);
  };

// Node would print Pyodide's whole source beside an error.
process.on("uncaughtException", (error) => {
  console.error(error.message);
  process.exit(1);
});

const [archive, conversation, output, ...roots] = process.argv.slice(2);
const pyodide = await loadPyodide();
pyodide.FS.mkdir(MODULES);
pyodide.unpackArchive(await read(archive), "zip", { extractDir: MODULES });
const compute = pyodide.runPython(`
import sys
sys.path.insert(0, "${MODULES}")
# Not part of every Pyodide, or of no use in one: whoever imports them fails.
sys.modules.update(dict.fromkeys(${JSON.stringify(WITHOUT)}))
from generator.reports.documents import documents
lambda files: documents({path: data.to_bytes() for path, data in files.items()})
`);
for (const root of roots) {
  const [results, findings] = compute(await held(root)).toJs();
  const folder = join(output, basename(root));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "results.json"), results);
  await writeFile(join(folder, "findings.json"), findings);
}
const answer = pyodide.runPython(`
from generator.site.form.session import Session
session = Session()
lambda request, data: session.answer(request, None if data is None else data.to_bytes())
`);
const answers = [];
for (const [request, bytes] of JSON.parse(await readFile(conversation, "utf-8"))) {
  const data = bytes === null ? undefined : new Uint8Array(Buffer.from(bytes, "base64"));
  const [text, beside] = answer(request, data).toJs();
  answers.push([text, beside === undefined ? null : Buffer.from(beside).toString("base64")]);
}
await writeFile(join(output, "answers.json"), JSON.stringify(answers));
const facts = pyodide.runPython(`
import json
from generator.formats.scanner import HAVE_LIBYAML
from generator.text.language import gettext, speaking
with speaking("en"):
    english = gettext("党支部")
json.dumps({"english": english, "python": sys.version_info[:3], "platform": sys.platform, "libyaml": HAVE_LIBYAML,
            "modules": sorted(n for n, m in sys.modules.items() if m)})
`);
await writeFile(join(output, "facts.json"), facts);
