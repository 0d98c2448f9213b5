/* The worker: starts the program in Pyodide and answers the page, one request after the other. It asks for the files of
   the engine and, from then on, for nothing: whatever runs in it finds no way out but the answer. */

/** @import { Answer, Asked, EngineFiles, Load, Progress } from "./protocol.js" */

/**
 * What is used of Pyodide.
 * @typedef {{
 *   unpackArchive(bytes: Uint8Array, format: "zip", options: { extractDir: string }): void,
 *   runPython(source: string): any,
 * }} Pyodide
 * @typedef {(request: string, bytes: Uint8Array | undefined) => { toJs(): [string, Uint8Array | undefined], destroy(): void }} Ask
 */

const PROGRAM = "/program";
/* Name of a file of the engine → the name that Pyodide asks for, and what a browser takes it for. */
const ASKED = {
  "pyodide.asm.wasm.gz": { name: "pyodide.asm.wasm", type: "application/wasm" },
  "pyodide-lock.json": { name: "pyodide-lock.json", type: "application/json" },
  "python_stdlib.zip": { name: "python_stdlib.zip", type: "application/zip" },
};
const START = `
import sys
sys.path.insert(0, "${PROGRAM}")
from generator.site.form.session import Session
session = Session()
def ask(request, data=None):
    given = session.answer(request, None if data is None else data.to_bytes())
    return given.text, given.data
ask
`;

const scope = /** @type {{ postMessage(message: Answer, transfer?: Transferable[]): void }} */ (/** @type {unknown} */ (self));
const fetchFromSite = fetch.bind(self);

/** @param {Progress} progress */
const tell = (progress) => scope.postMessage({ progress });

/** Counts bytes as they come. @param {EngineFiles} files */
function counter({ size, sizes }) {
  let loaded = 0;
  /** @param {string} name */
  return (name) => {
    let left = sizes[name] ?? 0;
    /* No more of a file than its size: what a server unpacked on the way is longer. */
    return (/** @type {number} */ bytes) => {
      const counted = Math.min(left, bytes);
      left -= counted;
      loaded += counted;
      tell({ step: "download", loaded, total: size });
    };
  };
}

/**
 * Fetch a file, telling how many bytes have come.
 * @param {string} address
 * @param {(bytes: number) => void} came
 */
async function download(address, came) {
  const answer = await fetchFromSite(address);
  if (!answer.ok || !answer.body) throw new Error(`${address}: ${answer.status}`);
  const pieces = [];
  const reader = answer.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    pieces.push(read.value);
    came(read.value.length);
  }
  return new Blob(pieces);
}

/** The bytes of a file, unpacked unless the server did that on the way. @param {Blob} blob */
async function unpacked(blob) {
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const packed = first === 0x1f && second === 0x8b;
  return packed ? blob.stream().pipeThrough(new DecompressionStream("gzip")) : blob.stream();
}

/**
 * Start the program; gives what answers requests.
 * @param {EngineFiles} files
 * @returns {Promise<Ask>}
 */
async function start(files) {
  const count = counter(files);
  const script = async (/** @type {string} */ name) => {
    const module = await import(`${files.index}${name}`);
    count(name)(Infinity);
    return module;
  };
  const program = download(files.program, count("program"));
  const asked = Object.entries(ASKED).map(([name, { name: own, type }]) => {
    const came = download(`${files.index}${name}`, count(name));
    const answer = async () => new Response(await unpacked(await came), { headers: { "content-type": type } });
    return { own: `${files.index}${own}`, came, answer };
  });
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([
    script("pyodide.js"),
    script("pyodide.asm.js"),
    program,
    ...asked.map(({ came }) => came),
  ]);
  tell({ step: "start", loaded: 0, total: 0 });
  shut(new Map(asked.map(({ own, answer }) => [own, answer])));
  const broken = failing();
  /** @type {Pyodide} */
  const pyodide = await Promise.race([
    broken,
    loadPyodide({ indexURL: files.index, packageBaseUrl: files.index, createPyodideModule }),
  ]);
  const bytes = new Uint8Array(await (await program).arrayBuffer());
  pyodide.unpackArchive(bytes, "zip", { extractDir: PROGRAM });
  const ask = pyodide.runPython(START);
  tell({ step: "ready", loaded: 0, total: 0 });
  return ask;
}

/** From now on nothing is fetched but what is here already. @param {Map<string, () => Promise<Response>>} here */
function shut(here) {
  const none = (/** @type {unknown} */ wanted) => {
    throw new TypeError(`${wanted}: not part of the engine`);
  };
  const outside = { XMLHttpRequest: none, WebSocket: none, EventSource: none };
  Object.assign(self, outside, {
    fetch: async (/** @type {unknown} */ wanted) => (here.get(String(wanted)) ?? none)(wanted),
  });
}

/** Rejects where the engine cannot be set up: Pyodide warns of that and waits for ever. @returns {Promise<never>} */
function failing() {
  const own = WebAssembly.instantiateStreaming.bind(WebAssembly);
  return new Promise((_, reject) => {
    WebAssembly.instantiateStreaming = async (...given) => {
      try {
        return await own(...given);
      } catch (error) {
        reject(error);
        throw error;
      }
    };
  });
}

/**
 * Answer a request.
 * @param {Ask} ask
 * @param {Asked} request
 */
function answer(ask, { bytes, ...request }) {
  const given = ask(JSON.stringify(request), bytes);
  const [text, beside] = given.toJs();
  given.destroy();
  /** @type {Answer} */
  const found = JSON.parse(text);
  if (beside) scope.postMessage({ ...found, bytes: beside }, [beside.buffer]);
  else scope.postMessage(found);
}

/** What came before is done. @type {Promise<Ask | undefined>} */
let turn = Promise.resolve(undefined);

addEventListener("message", (/** @type {MessageEvent<Load | Asked>} */ { data }) => {
  turn = turn.then(async (ask) => {
    try {
      if ("load" in data) return await start(data.load);
      if (ask) answer(ask, data);
    } catch (error) {
      /* The program tells its own faults: what comes here is the end of the worker. */
      scope.postMessage({ id: "id" in data ? data.id : 0, fault: String(error), broken: true });
    }
    return ask;
  });
});
