/* Where drafts lie: a database of this browser, or the memory of this tab where it gives none.

   Both hold the same two things, records of drafts and bytes of their files, and refuse to write over
   what another tab has written since. */

/** @import { Draft, Plain } from "./protocol.js" */

/** @typedef {{[key: string]: Plain}} Values */

/**
 * The data that a draft was begun with: its day, and a text that changes when the files do.
 * @typedef {{day: string, data: string}} Begun
 */

/**
 * A draft as it is kept. `saved` is a moment (ISO 8601); `origin` holds the answers of the record that it changes,
 * as they were when it was begun; `rev` counts how often it was saved.
 * @typedef {Draft & {branch: string, year: number, saved: string, rev: number, begun: Begun, origin: Values | null}} Kept
 */

/**
 * A file beside a draft: what the program gave back, never what was picked. `before` and `size` are bytes; `whole` is
 * the branch's own file at the path that its name is, asked for where the page may not see all of it.
 * @typedef {{draft: string, name: string, size: number, before: number, kind: string, key: string, cleaned: string[],
 *   blob: Blob, thumb: Blob | null, whole: boolean}} KeptFile
 */

/**
 * @typedef {object} Place
 * @property {boolean} lasting whether what it holds outlives this tab
 * @property {() => Promise<Kept[]>} all
 * @property {(draft: string) => Promise<Kept | undefined>} read
 * @property {(record: Kept, known: number) => Promise<void>} write
 * @property {(draft: string) => Promise<void>} drop
 * @property {(draft: string) => Promise<KeptFile[]>} files
 * @property {(file: KeptFile) => Promise<void>} putFile
 * @property {(draft: string, name: string) => Promise<void>} dropFile
 */

/** Version of the database; `upgrade` leads from each earlier one to it. */
const VERSION = 1;
const DRAFTS = "drafts";
const FILES = "files";

/** Somebody else has written, or thrown away, what was to be written over. */
export class StaleError extends Error {
  constructor() {
    super("stale");
    this.name = "Stale";
  }
}

/**
 * Open the database of a site, or else memory. `why` says what is the matter: "" where all is well, "newer" where a later
 * version of the page has been here, "none" where the browser keeps nothing.
 * @param {string} name
 * @param {string} branch
 * @param {number} year
 * @param {(what: "newer" | "waiting") => void} told called when another tab wants, or holds up, another version
 * @returns {Promise<{place: Place, why: "" | "newer" | "none"}>}
 */
export async function openPlace(name, branch, year, told) {
  try {
    return { place: new Disk(await opened(name, told), branch, year), why: "" };
  } catch (error) {
    const newer = error instanceof DOMException && error.name === "VersionError";
    return { place: new Memory(), why: newer ? "newer" : "none" };
  }
}

/**
 * @param {string} name
 * @param {(what: "newer" | "waiting") => void} told
 * @returns {Promise<IDBDatabase>}
 */
function opened(name, told) {
  return new Promise((resolve, reject) => {
    const request = window.indexedDB.open(name, VERSION);
    request.onupgradeneeded = (event) => upgrade(request.result, event.oldVersion);
    request.onblocked = () => told("waiting");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => {
        database.close();
        told("newer");
      };
      resolve(database);
    };
  });
}

/**
 * Lead a database from a version to the present one; 0 is none at all.
 * @param {IDBDatabase} database
 * @param {number} from
 */
function upgrade(database, from) {
  if (from < 1) {
    const drafts = database.createObjectStore(DRAFTS, { keyPath: "draft" });
    drafts.createIndex("place", ["branch", "year"]);
    const files = database.createObjectStore(FILES, { keyPath: ["draft", "name"] });
    files.createIndex("draft", "draft");
  }
}

/**
 * What a request gives.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function given(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Wait until all of a transaction is on the disk.
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>}
 */
function written(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("", "AbortError"));
  });
}

/** @implements {Place} */
class Disk {
  lasting = true;

  /**
   * @param {IDBDatabase} database
   * @param {string} branch
   * @param {number} year
   */
  constructor(database, branch, year) {
    this.database = database;
    this.branch = branch;
    this.year = year;
  }

  /**
   * @param {string[]} stores
   * @param {IDBTransactionMode} mode
   */
  begin(stores, mode) {
    return this.database.transaction(stores, mode, mode === "readwrite" ? { durability: "strict" } : {});
  }

  /** @returns {Promise<Kept[]>} */
  all() {
    const index = this.begin([DRAFTS], "readonly").objectStore(DRAFTS).index("place");
    return given(index.getAll([this.branch, this.year]));
  }

  /**
   * @param {string} draft
   * @returns {Promise<Kept | undefined>}
   */
  read(draft) {
    return given(this.begin([DRAFTS], "readonly").objectStore(DRAFTS).get(draft));
  }

  /**
   * Write a draft whose last known `rev` is `known`; 0 for a new one. Raises StaleError.
   * @param {Kept} record
   * @param {number} known
   */
  async write(record, known) {
    const transaction = this.begin([DRAFTS], "readwrite");
    const end = written(transaction);
    const store = transaction.objectStore(DRAFTS);
    let stale = false;
    const request = store.get(record.draft);
    request.onsuccess = () => {
      stale = (request.result?.rev ?? 0) !== known;
      if (!stale) store.put(record);
    };
    await end;
    if (stale) throw new StaleError();
  }

  /** @param {string} draft */
  async drop(draft) {
    const transaction = this.begin([DRAFTS, FILES], "readwrite");
    const end = written(transaction);
    transaction.objectStore(DRAFTS).delete(draft);
    const files = transaction.objectStore(FILES);
    const request = files.index("draft").getAllKeys(draft);
    request.onsuccess = () => request.result.forEach((key) => files.delete(key));
    await end;
  }

  /**
   * @param {string} draft
   * @returns {Promise<KeptFile[]>}
   */
  files(draft) {
    return given(this.begin([FILES], "readonly").objectStore(FILES).index("draft").getAll(draft));
  }

  /** @param {KeptFile} file */
  async putFile(file) {
    const transaction = this.begin([FILES], "readwrite");
    const end = written(transaction);
    transaction.objectStore(FILES).put(file);
    await end;
  }

  /**
   * @param {string} draft
   * @param {string} name
   */
  async dropFile(draft, name) {
    const transaction = this.begin([FILES], "readwrite");
    const end = written(transaction);
    transaction.objectStore(FILES).delete([draft, name]);
    await end;
  }
}

/** @implements {Place} */
class Memory {
  lasting = false;
  /** @type {Map<string, Kept>} */
  drafts = new Map();
  /** @type {Map<string, KeptFile>} */
  kept = new Map();

  async all() {
    return structuredClone([...this.drafts.values()]);
  }

  /** @param {string} draft */
  async read(draft) {
    return structuredClone(this.drafts.get(draft));
  }

  /**
   * @param {Kept} record
   * @param {number} known
   */
  async write(record, known) {
    if ((this.drafts.get(record.draft)?.rev ?? 0) !== known) throw new StaleError();
    this.drafts.set(record.draft, structuredClone(record));
  }

  /** @param {string} draft */
  async drop(draft) {
    this.drafts.delete(draft);
    for (const [key, file] of this.kept) if (file.draft === draft) this.kept.delete(key);
  }

  /** @param {string} draft */
  async files(draft) {
    return [...this.kept.values()].filter((file) => file.draft === draft);
  }

  /** @param {KeptFile} file */
  async putFile(file) {
    this.kept.set(JSON.stringify([file.draft, file.name]), file);
  }

  /**
   * @param {string} draft
   * @param {string} name
   */
  async dropFile(draft, name) {
    this.kept.delete(JSON.stringify([draft, name]));
  }
}
