/* What the page and the program say to each other, as types alone: nothing of this file is published.

   The page asks `Session` (generator/site/form/session.py) by the name of a method; every call takes one object and gives one.
   All words are the program's own, in the language of the page; points are text ("1.67"), days are "2025-03-12".
   A script uses a type by `@import { Overview } from "./protocol.js"` in a comment. */

/** A kind of record that is filled in, as the program names it: the page only hands it back. */
export type Form = string;

/** An answer as a person typed or chose it; parts are those of a question, such as an attendance. */
export type Plain = string | string[] | { [part: string]: string } | null;

/** A record being filled in. `id` is that of the record that it changes, null for a new one. */
export interface Draft {
  draft: string;
  form: Form;
  id: string | null;
  values: { [key: string]: Plain };
  /** Names of attached files, whose bytes the worker was given by `attach` or `sheet`. */
  files: string[];
}

export interface Choice { id: string; title: string; note: string }

/** One thing to fill in. `input` is one of generator/proposals/filing/questions.Input. */
export interface Question {
  key: string;
  title: string;
  help: string;
  example: string;
  required: boolean;
  input:
    | "text" | "long-text" | "count" | "number" | "day" | "yes-no"
    | "one" | "some" | "texts" | "file" | "files" | "attendance";
  choices: Choice[];
  several: boolean;
  /** Key of the question that may be answered in place of this one, or "". */
  instead: string;
  /** What an answer of several parts is made of. */
  parts: { name: string; title: string; input?: string }[];
  /** Id of the section that it stands in, or "". */
  section: string;
  /** Whether other questions follow from its answer: ask `questions` anew when it changes. */
  steers: boolean;
  /** Hardly anybody answers it. */
  seldom?: boolean;
}

/** A heading in a long form. `computed`: records answer what stands below it, so that it is folded. */
export interface Section { id: string; title: string; note: string; lines: string[]; computed?: boolean }

/** Where something is mended: the form, the record, the answers to begin with, the question. */
export interface Mending {
  form: Form;
  id: string | null;
  values?: { [key: string]: Plain };
  key?: string;
}

/** A group of things that are lacking, what they would bring, and the form that mends it. */
export interface Missing {
  title: string;
  lines: string[];
  gain: string | null;
  form: Form | null;
  id: string | null;
  values?: { [key: string]: Plain };
  key?: string;
  /** Where else, where one thing is mended in several records. */
  also?: Mending[];
}

/** A finding without a place in the form. */
export interface Told {
  severity: "error" | "warning" | "notice";
  code: string;
  text: string;
  hint: string;
  /** The value that is probably meant, to be taken by a tap, or "". */
  suggestion: string;
  /** Why it stands as it is, or "". */
  accepted: string;
  /** The attachment that it is about. */
  file?: string;
}

/** A finding at a question; `key` is "" where it belongs to the whole record. */
export interface Finding extends Told {
  key: string;
  /** Nothing was answered where something must be. */
  missing?: boolean;
}

/** A finding of a whole filing: the draft that it is about, and the question there. */
export interface Open extends Told { draft?: string; key?: string }

/** A figure, and what it becomes: `after` equals `before` where nothing changes. */
export interface Effect {
  title: string;
  before: string;
  after: string;
  /** Whether it is the one that stands alone where there is room for one. */
  lead?: boolean;
}

/** A record that is there. */
export interface Filed {
  form: Form;
  id: string;
  title: string;
  date: string;
  note: string;
  state: string;
  counts: boolean;
  /** Whether something in it is not public, so that the branch's own file is asked for first. */
  withheld: boolean;
}

export interface Overview {
  branch: { id: string; name: string };
  year: number;
  stage: string;
  /** The last day of filing, or "". */
  until: string;
  /** How long that is, in words. */
  left?: string;
  /** The day of the data, and a text that changes when the branch's files do. */
  day: string;
  data: string;
  /** What is the matter with the branch as a whole, or "". */
  state?: string;
  /** What the committee alone can still do. */
  waiting?: string[];
  missing: Missing[];
  adding: { form: Form; title: string }[];
  records: Filed[];
  drafts: { draft: string; title: string; state: string }[];
}

export interface FormView {
  form: Form;
  id: string | null;
  title: string;
  questions: Question[];
  values: { [key: string]: Plain };
  /** Keys whose values are not public: they cannot be edited before `whole` brought the file. */
  withheld: string[];
  sections?: Section[];
  /** The branch's own file that is needed before the record can be changed, and why. */
  whole?: { path: string; words: string } | null;
  /** Records to begin from, such as last year's. */
  likes: { id: string; title: string }[];
}

export interface Checked {
  findings: Finding[];
  /** What other records, or the branch as a whole, get. */
  others: Open[];
  effect: Effect[];
  missing: Missing[];
  /** What can be told only after it was handed in. */
  pending: string[];
}

export interface Attached {
  name: string;
  size: number;
  /** False where an error speaks against it: the worker does not hold it. */
  kept: boolean;
  kind: string;
  /** The question that it would be placed at, or "". */
  key: string;
  findings: Told[];
  /** What was taken off, in words; `bytes` are then those of the cleaned copy, which the draft keeps. */
  cleaned: string[];
  bytes?: Uint8Array;
}

/** Attendance counts read from a sheet. Of its names nothing is kept. */
export interface Sheet {
  values: { [part: string]: string };
  findings: Told[];
  lines: string[];
}

export interface Summary {
  files: { path: string; title: string; state: string; size: number; notes: string[] }[];
  records: { draft: string; title: string; state: string; lines: string[] }[];
  effect: Effect[];
  findings: Open[];
  missing: Missing[];
  promises: string[];
}

/** Nothing but that it is done. */
export interface Nothing { [name: string]: never }

export interface Package { name: string; size: number; digest: string; bytes: Uint8Array }

/** Name of a call → its one argument, and what it gives. */
export interface Calls {
  /** `shared` and `own` are the texts of the two bundles; `today` is this device's day. */
  open: {
    args: { shared: string; own: string; branch: string; year: number; today: string; lang: string };
    value: Overview;
  };
  overview: { args: { drafts: Draft[] }; value: Overview };
  /** `like` is a record to begin from; `draft` holds values so far; claims may cite what `drafts` bring. */
  form: {
    args: { form: Form; id: string | null; like: string | null; draft: Draft | null; drafts?: Draft[] };
    value: FormView;
  };
  questions: {
    args: { form: Form; id: string | null; draft: Draft; drafts?: Draft[] };
    value: { questions: Question[]; sections?: Section[] };
  };
  /** `current` is the `draft` of the one whose form is open, or null. */
  check: { args: { drafts: Draft[]; current: string | null }; value: Checked };
  /** With bytes: those of a file. */
  attach: {
    args: { draft: string; name: string; form: Form; id: string | null; values?: { [key: string]: Plain } };
    value: Attached;
  };
  /** Drops the bytes of one file, or of all files of a draft where `name` is null. */
  detach: { args: { draft: string; name: string | null }; value: Nothing };
  /** With bytes: those of a sheet (xlsx, xls, csv). */
  sheet: { args: { draft: string; name: string }; value: Sheet };
  /** With bytes: those of the branch's own file at `path`. */
  whole: { args: { path: string }; value: { path: string; words: string } };
  summary: { args: { drafts: Draft[] }; value: Summary };
  /** `made` is the moment in ISO 8601, with the offset. */
  package: { args: { drafts: Draft[]; made: string }; value: Package };
}

export type Call = keyof Calls;

/* Between page and worker. */

/** The first message to a worker: where the engine lies, as absolute addresses. */
export interface Load { load: EngineFiles }

export interface Asked<K extends Call = Call> {
  id: number;
  call: K;
  args: Calls[K]["args"];
  bytes?: Uint8Array;
}

/** `step` is the name of what is being done; `total` is 0 where it is not known. */
export interface Progress { step: "download" | "start" | "ready"; loaded: number; total: number }

/**
 * Why a call gave nothing, in words for a person. `refused`: it cannot be done as it was asked. Else the program has a
 * fault, and `detail` says where. With `broken` the worker is of no use any more.
 */
export interface Failure { fault: string; refused?: boolean; detail?: string; broken?: boolean }

export type Answer =
  | { id: number; value: unknown; bytes?: Uint8Array }
  | ({ id: number } & Failure)
  | { progress: Progress };

/** The engine of a site: addresses, and bytes as they are fetched. */
export interface EngineFiles {
  /** Folder of Pyodide, ending in a slash. */
  index: string;
  /** The program as one archive. */
  program: string;
  /** Name in `index`, or "program" → bytes. */
  sizes: { [name: string]: number };
  /** The sum of `sizes`. */
  size: number;
  lang: string;
}

/** What file.html tells its script, in the element #ap-form-settings; addresses begin at the page. */
export interface Settings {
  year: number;
  stage: string;
  lang: string;
  /** The site's root, seen from the page: "" or "../". */
  up: string;
  /** `own` holds "{branch}" in place of a branch's id. */
  bundles: { shared: string; own: string };
  engine: EngineFiles;
  /** Name → text of generator/site/form/words.py. */
  words: { [name: string]: string };
}
