/* Photos are made smaller and put upright in the browser, before anything of them is kept: what is drawn anew has no place, no
   time and no name of a camera in it. One at a time, so that a phone has room for it. */

/** Pixels of the longer side of a photo, at most; how much of it a JPEG keeps, of 1. */
const LONG_SIDE = 2048;
const KEPT = 0.85;
/** A screenshot of a whole conversation would be unreadable if its length were that of a photo. */
const SCROLL = 3;
/** Pixels of the longer side of the small picture in the list. */
const SMALL = 144;

/** Bytes in which blocks of metadata begin, and how they do. */
const NEAR = 100_000;
const MARKS = ["Exif", "eXIf", "EXIF", "ns.adobe.com/xap", "Photoshop 3.0"];

/** What picture some bytes are, by their first ones. */
const STARTS = /** @type {[string, (head: Uint8Array, text: string) => boolean][]} */ ([
  ["jpeg", (head) => head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff],
  ["png", (head) => head[0] === 0x89 && head[1] === 0x50 && head[2] === 0x4e && head[3] === 0x47],
  ["webp", (_, text) => text.startsWith("RIFF") && text.slice(8, 12) === "WEBP"],
  ["heic", (_, text) => text.slice(4, 8) === "ftyp" && /^(?:hei[cxms]|hev[cx]|mif1|msf1|avi[fs])/.test(text.slice(8, 12))],
  ["bmp", (head) => head[0] === 0x42 && head[1] === 0x4d],
]);

/**
 * A picture made ready: `redrawn` says that it was drawn anew, so that nothing but pixels is in it; `tagged`, that what was picked
 * told of place, time or camera.
 * @typedef {{name: string, blob: Blob, redrawn: boolean, tagged: boolean, thumb: Blob | null}} Shrunk
 */

/** The browser cannot show a picture: `kind` is what it is. */
export class UndrawableError extends Error {
  /** @param {string} kind */
  constructor(kind) {
    super(kind);
    this.name = "Undrawable";
    this.kind = kind;
  }
}

/**
 * The kind of picture that a file is by its content: "jpeg", "png", "webp", "heic", "bmp", or "" for anything else.
 * @param {Blob} file
 */
export async function pictureKind(file) {
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  const text = String.fromCharCode(...head);
  return STARTS.find(([, fits]) => fits(head, text))?.[0] ?? "";
}

/**
 * A picture at most as large as needed, upright. One that is small already keeps its bytes where `whole` says that its
 * metadata is taken out by somebody else. Raises UndrawableError.
 * @param {File} file
 * @param {string} kind
 * @param {boolean} whole
 * @returns {Promise<Shrunk>}
 */
export async function shrunk(file, kind, whole) {
  const picture = await drawable(file, kind);
  try {
    const { width, height } = picture;
    const [long, short] = [Math.max(width, height), Math.min(width, height)];
    const scroll = kind === "png" && long > SCROLL * short;
    const scale = scroll ? 1 : Math.min(1, LONG_SIDE / long);
    const thumb = await drawn(picture, Math.min(1, SMALL / long), "image/jpeg");
    if (whole && scale === 1 && kind !== "heic" && kind !== "bmp") {
      return { name: file.name, blob: file, redrawn: false, tagged: false, thumb };
    }
    const type = kind === "png" ? "image/png" : "image/jpeg";
    const blob = await drawn(picture, scale, type);
    if (!blob) throw new UndrawableError(kind);
    return { name: named(file.name, kind), blob, redrawn: true, tagged: await tagged(file), thumb };
  } finally {
    picture.close();
  }
}

/**
 * Whether a picture tells of place, time or camera: such blocks stand near its beginning.
 * @param {Blob} file
 */
async function tagged(file) {
  const head = new TextDecoder("latin1").decode(await file.slice(0, NEAR).arrayBuffer());
  return MARKS.some((mark) => head.includes(mark));
}

/**
 * A name whose ending says what the picture became.
 * @param {string} name
 * @param {string} kind
 */
function named(name, kind) {
  const fits = kind === "png" ? /\.png$/i : /\.jpe?g$/i;
  const stem = name.replace(/\.[A-Za-z0-9]{1,5}$/, "");
  return fits.test(name) ? name : `${stem}.${kind === "png" ? "png" : "jpg"}`;
}

/**
 * A picture upright by what it says of itself.
 * @param {Blob} file
 * @param {string} kind
 */
async function drawable(file, kind) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new UndrawableError(kind);
  }
}

/**
 * A picture drawn anew, or null where it is too large for this browser.
 * @param {ImageBitmap} picture
 * @param {number} scale
 * @param {string} type
 * @returns {Promise<Blob | null>}
 */
async function drawn(picture, scale, type) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  if (!context) return null;
  if (type === "image/jpeg") {
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, type, KEPT));
  canvas.width = canvas.height = 0;
  return blob;
}
