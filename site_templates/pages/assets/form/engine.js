/* The program as the page calls it: a worker that is loaded on demand, calls that wait for their answers, and faults in
   the program's own words. A worker that is lost can be loaded again; it then knows nothing of what it was told. */

/** @import { Answer, Call, Calls, EngineFiles, Progress } from "./protocol.js" */

/** A call that gave nothing. `broken`: the worker is gone. `refused`: not a fault, what was asked cannot be done. */
export class Fault extends Error {
  /** @param {string} message @param {{ broken?: boolean, refused?: boolean, detail?: string }} [more] */
  constructor(message, { broken = false, refused = false, detail = "" } = {}) {
    super(message);
    this.name = "Fault";
    this.broken = broken;
    this.refused = refused;
    this.detail = detail;
  }
}

export class Engine {
  /**
   * @param {EngineFiles} files
   * @param {{ failed: string, lost: string }} words for a load that failed, and a worker that was lost
   */
  constructor(files, words) {
    this.files = files;
    this.words = words;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Promise<void> | null} */
    this.loading = null;
    /** What waits for an answer, by number; 0 is the load. @type {Map<number, (answer: any) => void>} */
    this.waiting = new Map();
    this.last = 0;
    /** @type {(progress: Progress) => void} */
    this.onProgress = () => {};
  }

  /**
   * Load the program, once; settles when it is there. After a fault it can be called again.
   * @param {(progress: Progress) => void} [onProgress]
   * @returns {Promise<void>}
   */
  load(onProgress) {
    if (onProgress) this.onProgress = onProgress;
    this.loading ??= this.begin();
    return this.loading;
  }

  /** @returns {Promise<void>} */
  begin() {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.worker = worker;
    worker.addEventListener("message", ({ data }) => this.hear(worker, data));
    for (const event of ["error", "messageerror"])
      worker.addEventListener(event, () => this.lose(worker, ""));
    const { index, program } = this.files;
    const load = { ...this.files, index: absolute(index), program: absolute(program) };
    worker.postMessage({ load });
    return new Promise((resolve, reject) => {
      this.waiting.set(0, (answer) => ("fault" in answer ? reject(answer.fault) : resolve()));
    });
  }

  /**
   * Ask the program. Loads it where that was not begun.
   * @template {Call} K
   * @param {K} name
   * @param {Calls[K]["args"]} args
   * @param {Uint8Array} [bytes] they stay here, a copy goes
   * @returns {Promise<Calls[K]["value"]>}
   */
  async call(name, args, bytes) {
    await this.load();
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, (answer) => ("fault" in answer ? reject(answer.fault) : resolve(answer.value)));
      this.worker?.postMessage({ id, call: name, args, bytes });
    });
  }

  /** @param {Worker} worker @param {Answer} answer */
  hear(worker, answer) {
    if (worker !== this.worker) return;
    if ("progress" in answer) {
      this.onProgress(answer.progress);
      if (answer.progress.step === "ready") this.settle(0, {});
    } else if ("fault" in answer) {
      if (answer.broken) this.lose(worker, answer.fault);
      else this.settle(answer.id, { fault: new Fault(answer.fault, answer) });
    } else {
      const { id, value, bytes } = answer;
      this.settle(id, { value: bytes ? { .../** @type {object} */ (value), bytes } : value });
    }
  }

  /** @param {number} id @param {{ value?: unknown } | { fault: Fault }} answer */
  settle(id, answer) {
    const settle = this.waiting.get(id);
    this.waiting.delete(id);
    settle?.(answer);
  }

  /** Give up a worker; whatever waits is told so. @param {Worker} worker @param {string} detail */
  lose(worker, detail) {
    if (worker !== this.worker) return;
    const words = this.waiting.has(0) ? this.words.failed : this.words.lost;
    this.end(new Fault(words, { broken: true, detail }));
  }

  /** End the worker and drop all that it was told. */
  terminate() {
    this.end(new Fault(this.words.lost, { broken: true }));
  }

  /** @param {Fault} fault */
  end(fault) {
    this.worker?.terminate();
    this.worker = null;
    this.loading = null;
    for (const id of [...this.waiting.keys()]) this.settle(id, { fault });
  }
}

/** An address of the page, for a worker that lies elsewhere. @param {string} address */
function absolute(address) {
  return new URL(address, document.baseURI).href;
}
