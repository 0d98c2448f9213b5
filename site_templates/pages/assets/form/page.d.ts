/* What the modules of the page hand each other, as types alone: nothing of this file is published. */

import type { Calls, Choice, Draft, Effect, EngineFiles, Finding, FormView, Missing, Plain, Question } from "./protocol.js";

export type { Choice, Question };
export type Group = { [key: string]: string };
export interface Words { page: Group; engine: Group; files: Group; drafts: Group; hand: Group }

/** What the page knows of itself without the program: written into it when the site is built. */
export interface Config {
  year: number;
  stage: string;
  lang: string;
  /** The last day of filing, or "". */
  until: string;
  /** Address of the site's root, seen from the page. */
  up: string;
  /** Null where they are so many that they stand in the bundle of all. */
  branches?: { id: string; name: string }[] | null;
  /** Addresses of the bundles; `{branch}` stands for the id of one. */
  bundles: { shared: string; own: string };
  words: Words;
  engine: EngineFiles | null;
  forge: { kind: string; name: string; address: string; upload: string; file: string } | null;
  /** Addresses of the scorecard of `{branch}` and of what is lacking, "" for none. */
  card: string;
  lacking: string;
  /** Bytes of a file that is taken at most, and of a photo before it is made smaller. */
  files: { most: number; photo: number };
}

/** What every view is handed. */
export interface Page {
  words: Words;
  config: Config;
  engine: import("./program.js").Program;
  drafts: import("./drafts.js").Drafts;
  branch: { id: string; name: string };
  year: number;
  lang: string;
  /** Root of the site, absolute. */
  root: string;
  /** Where a notice stands above every view. */
  notices: HTMLElement;
  /** The data that drafts begin with. */
  data: { day: string; data: string };
  go(...parts: string[]): void;
  /** Make the view anew. */
  reload(): void;
  /** A form, from the program or from what is known before it is there. */
  ask(args: Calls["form"]["args"]): Promise<FormView>;
  /** Say something to whoever does not see it; urgent: at once. */
  tell(text: string, urgent?: boolean): void;
}

/** A view: its heading takes the focus when it is entered. */
export interface View {
  title: string;
  /** What stands above the heading, and below it. */
  above?: HTMLElement | null;
  below?: HTMLElement | null;
  step: "fill" | "check" | "hand" | null;
  body: HTMLElement[];
  aside?: HTMLElement | null;
  bar?: HTMLElement | null;
  /** Called before another view takes its place. */
  leave?: () => unknown;
  /** Called when it stands. */
  stands?: () => unknown;
}

/** What an input is made of. */
export interface Making {
  id: string;
  question: Question;
  value: Plain | undefined;
  words: Group;
  year: number;
  /** The answer changed; `composing`: an input method has not finished. */
  changed(value: Plain, composing: boolean): void;
  /** The person is done with it, for now. */
  left(): void;
}

/** An input, without the words around it. `single`: a label may name it, else a legend does. */
export interface Control {
  element: HTMLElement;
  single: boolean;
  /** What hint and fault are read out with. */
  described: HTMLElement[];
  focus(): void;
  write(value: Plain | undefined): void;
}

/** A question with its words, its input and what is told about it. */
export interface Field {
  element: HTMLElement;
  key: string;
  focus(): void;
  write(value: Plain | undefined): void;
  /** Show findings at the question. */
  show(findings: Finding[]): void;
  /** The same question with other words. */
  update(question: Question): void;
}

export type { Draft, Effect, Finding, Missing, Plain };
