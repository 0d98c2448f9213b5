/* The program as the page has it: on its way, there, or not to be had; and what is known before it is there. */

import { Engine } from "./engine.js";
import { say } from "./words.js";

/** @import { Config, Group } from "./page.js" */
/** @import { Call, Calls, FormView, Overview } from "./protocol.js" */

/** @typedef {{shared: string, own: string}} Bundles */

/** Events: "state" where it is there or not to be had, "change" at every step of the way. */
export class Program extends EventTarget {
  /**
   * @param {Config} config
   * @param {string} branch
   */
  constructor(config, branch) {
    super();
    this.config = config;
    this.words = config.words.page;
    this.branch = branch;
    /** @type {"idle" | "loading" | "ready" | "failed"} */
    this.state = "idle";
    this.loaded = 0;
    this.total = config.engine?.size ?? 0;
    this.fault = "";
    /** What the bundles say by themselves. @type {{forms: {[form: string]: FormView}, overview: Overview | null}} */
    this.before = { forms: {}, overview: null };
    this.worker = config.engine ? new Engine(config.engine, engineWords(config.words.engine)) : null;
    /** @type {Bundles} */
    this.texts = { shared: "", own: "" };
    /** @type {() => Promise<unknown>} */
    this.opened = () => Promise.resolve();
    /** Settles once the bundles were read. @type {Promise<void>} */
    this.read = Promise.resolve();
  }

  /**
   * Begin to load, once, or again where it failed. `opened` is called before anybody else asks.
   * @param {() => Promise<unknown>} [opened]
   */
  begin(opened = this.opened) {
    if (this.state === "loading" || this.state === "ready") return;
    this.opened = opened;
    this.become("loading");
    const bundles = this.bundles();
    this.read = bundles.then((found) => this.know(found)).catch(() => {}).then(() => this.changed());
    void this.load(bundles, opened);
  }

  /** @param {Promise<Bundles>} bundles @param {() => Promise<unknown>} opened */
  async load(bundles, opened) {
    try {
      if (!this.worker) throw new Error(say(this.words, "no_engine"));
      await this.worker.load(({ step, loaded, total }) => {
        if (step !== "download") return;
        this.loaded = loaded;
        this.total = total || this.total;
        this.changed();
      });
      await this.open(await bundles, opened);
      this.become("ready");
    } catch (fault) {
      this.fault = fault instanceof Error ? fault.message : String(fault);
      this.become("failed");
    }
  }

  /** Begin with bundles, or begin again with newer ones. @param {Bundles} bundles @param {() => Promise<unknown>} opened */
  async open(bundles, opened) {
    const { year, lang } = this.config;
    const args = { ...bundles, branch: this.branch, year, today: day(new Date()), lang };
    this.before.overview = await this.call("open", args);
    this.texts = bundles;
    this.opened = opened;
    await opened();
  }

  /**
   * Look whether the branch's files have changed in the meantime, and begin again with them.
   * @returns {Promise<"same" | "newer" | "unknown">}
   */
  async refresh() {
    const bundles = await this.bundles("no-cache").catch(() => null);
    if (!bundles) return "unknown";
    const { shared, own } = this.texts;
    if (bundles.own === own && bundles.shared === shared) return "same";
    await this.open(bundles, this.opened);
    return "newer";
  }

  /** @param {RequestCache} [cache] @returns {Promise<Bundles>} */
  async bundles(cache = "default") {
    const { shared, own } = this.config.bundles;
    const texts = [shared, own.replace("{branch}", this.branch)].map((address) => this.text(address, cache));
    const [all, mine] = await Promise.all(texts);
    return { shared: all, own: mine };
  }

  /** Keep what bundles say by themselves. @param {Bundles} bundles */
  know({ shared, own }) {
    this.before = { forms: JSON.parse(shared).forms ?? {}, overview: JSON.parse(own).overview ?? null };
  }

  /** @param {string} address @param {RequestCache} cache */
  async text(address, cache) {
    const answer = await fetch(address, { cache }).catch(() => null);
    if (!answer?.ok) throw new Error(say(this.words, answer ? "no_bundle" : "offline"));
    return answer.text();
  }

  /**
   * @template {Call} K
   * @param {K} name
   * @param {Calls[K]["args"]} args
   * @param {Uint8Array} [bytes]
   * @returns {Promise<Calls[K]["value"]>}
   */
  async call(name, args, bytes) {
    if (!this.worker) throw new Error(say(this.words, "starting"));
    try {
      return await this.worker.call(name, args, bytes);
    } catch (fault) {
      if (/** @type {{broken?: boolean}} */ (fault).broken) {
        this.fault = /** @type {Error} */ (fault).message;
        this.become("failed");
      }
      throw fault;
    }
  }

  /** The data that drafts begin with: its day, and a text that changes when the branch's files do. */
  get data() {
    const found = this.before.overview;
    return { day: found?.day ?? "", data: found?.data ?? "" };
  }

  /** Settles when the program is there; rejects when it is not to be had. @returns {Promise<void>} */
  there() {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.state === "ready") resolve();
        else if (this.state === "failed") reject(new Error(this.fault));
        else return false;
        this.removeEventListener("state", look);
        return true;
      };
      if (!look()) this.addEventListener("state", look);
    });
  }

  /** A form: from the program, or from the bundle while that is on its way. @param {Calls["form"]["args"]} args */
  async form(args) {
    await this.read;
    const { id, like, form } = args;
    const known = this.before.forms[form];
    if (this.state !== "ready" && known && id === null && like === null) return known;
    await this.there();
    return this.call("form", args);
  }

  /** @param {Program["state"]} state */
  become(state) {
    this.state = state;
    this.changed();
    this.dispatchEvent(new Event("state"));
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** This device's day. @param {Date} now */
function day(now) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** What the engine says by itself. @param {Group} words */
function engineWords({ failed, lost }) {
  return { failed, lost };
}
