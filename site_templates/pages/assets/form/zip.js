/* Archives without packing, as the program writes its packages: files laid one behind the other, and a list of them. */

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const [LOCAL_SIZE, CENTRAL_SIZE, END_SIZE] = [30, 46, 22];
/** Names are in UTF-8; the time of every file is the first there is, 1980-01-01. */
const [UTF8, DAY] = [0x0800, 0x21];

/** @typedef {{path: string, bytes: Uint8Array}} Entry */

/**
 * The files of an archive in which nothing is packed; raises RangeError for any other.
 * @param {Uint8Array} data
 * @returns {Entry[]}
 */
export function unpacked(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const end = data.byteLength - END_SIZE;
  if (end < 0 || view.getUint32(end, true) !== END) throw new RangeError("no archive");
  const found = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const [packing, size, name] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true), view.getUint16(at + 28, true)];
    if (view.getUint32(at, true) !== CENTRAL || packing !== 0) throw new RangeError("packed");
    const local = view.getUint32(at + 42, true);
    const start = local + LOCAL_SIZE + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const path = new TextDecoder().decode(data.subarray(at + CENTRAL_SIZE, at + CENTRAL_SIZE + name));
    found.push({ path, bytes: data.subarray(start, start + size) });
    at += CENTRAL_SIZE + name + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}

/**
 * An archive of files, in which nothing is packed.
 * @param {Entry[]} entries
 * @returns {Blob}
 */
export function archived(entries) {
  /** @type {BlobPart[]} */
  const parts = [];
  const list = [];
  let at = 0;
  for (const { path, bytes } of entries) {
    const name = new TextEncoder().encode(path);
    const described = [20, UTF8, 0, 0, DAY, crc(bytes), bytes.length, bytes.length, name.length, 0];
    parts.push(header(LOCAL, described), name, /** @type {Uint8Array<ArrayBuffer>} */ (bytes));
    list.push(header(CENTRAL, [20, ...described, 0, 0, 0, 0, at]), name);
    at += LOCAL_SIZE + name.length + bytes.length;
  }
  const size = list.reduce((sum, part) => sum + part.length, 0);
  const end = new DataView(new ArrayBuffer(END_SIZE));
  end.setUint32(0, END, true);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(12, size, true);
  end.setUint32(16, at, true);
  return new Blob([...parts, ...list, end], { type: "application/zip" });
}

/** Bytes of each field behind the mark of a header of a file, and of one of the list. */
/** @type {{[mark: number]: number[]}} */
const FIELDS = { [LOCAL]: [2, 2, 2, 2, 2, 4, 4, 4, 2, 2], [CENTRAL]: [2, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4] };

/**
 * @param {number} mark
 * @param {number[]} values
 */
function header(mark, values) {
  const fields = FIELDS[mark];
  const view = new DataView(new ArrayBuffer(4 + fields.reduce((sum, size) => sum + size, 0)));
  view.setUint32(0, mark, true);
  let at = 4;
  values.forEach((value, index) => {
    if (fields[index] === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += fields[index];
  });
  return new Uint8Array(view.buffer);
}

/** One step of the sum for each byte. */
const STEPS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let step = byte;
  for (let bit = 0; bit < 8; bit += 1) step = step & 1 ? (step >>> 1) ^ 0xedb88320 : step >>> 1;
  return step;
});

/** @param {Uint8Array} bytes */
function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = STEPS[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
