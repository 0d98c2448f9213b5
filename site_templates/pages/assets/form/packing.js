/* The package of all drafts: made once by the program, then handed out as often as it is asked for. */

/** @import { Page } from "./page.js" */
/** @import { Draft, Package } from "./protocol.js" */
/** @import { Entry } from "./zip.js" */

import { unpacked } from "./zip.js";

/** Minutes of an hour, milliseconds of a minute. */
const [HOUR, MINUTE] = [60, 60_000];

/** This moment in ISO 8601 with the offset of this device, to the second. */
export function moment(now = new Date()) {
  const east = -now.getTimezoneOffset();
  const local = new Date(now.getTime() + east * MINUTE).toISOString().slice(0, 19);
  const two = (/** @type {number} */ number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  return `${local}${east < 0 ? "-" : "+"}${two(east / HOUR)}:${two(east % HOUR)}`;
}

export class Packing {
  /**
   * @param {Page} page
   * @param {Draft[]} drafts those that go in this time
   */
  constructor(page, drafts) {
    this.page = page;
    this.drafts = drafts.map(({ draft, form, id, values, files }) => ({ draft, form, id, values, files }));
    /** @type {Promise<Package> | null} */
    this.made = null;
  }

  /** The package; one call of the program, however often it is asked for. */
  package() {
    this.made ??= this.make();
    this.made.catch(() => {
      this.made = null;
    });
    return this.made;
  }

  async make() {
    const { drafts, page } = this;
    return page.engine.call("package", { drafts, made: moment() });
  }

  /** The package as a file. */
  async file() {
    const { name, bytes } = await this.package();
    return new File([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], name, { type: "application/zip" });
  }

  /**
   * The files of the package below the folder of the year, by what stands behind it in their paths.
   * @returns {Promise<Entry[]>}
   */
  async below() {
    const { bytes } = await this.package();
    const { branch, year } = this.page;
    const folder = `branches/${branch.id}/${year}/`;
    const own = unpacked(bytes).filter(({ path }) => path.startsWith(folder));
    return own.map(({ path, bytes: data }) => ({ path: path.slice(folder.length), bytes: data }));
  }
}

/** Whether this device can hand a file on to another program, WeChat or mail. @param {File} file */
export function canShare(file) {
  return Boolean(window.navigator.canShare?.({ files: [file] }));
}
