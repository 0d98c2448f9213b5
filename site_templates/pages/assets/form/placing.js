/* Which question a file answers: the program proposes, the person decides. An answer holds names of files, one or several. */

/** @import { Plain, Question } from "./protocol.js" */

/**
 * The answers of a record: those of its draft, and below them what lies in the branch's files.
 * @typedef {{get: (key: string) => Plain | undefined, set: (key: string, value: Plain) => void}} Answers
 */

/** Inputs that files answer. */
const FILES = new Set(["file", "files"]);

/**
 * The questions that are answered with files.
 * @param {Question[]} questions
 */
export function places(questions) {
  return questions.filter(({ input }) => FILES.has(input));
}

/**
 * The names that an answer holds.
 * @param {Plain | undefined} value
 * @returns {string[]}
 */
function names(value) {
  if (Array.isArray(value)) return value;
  return typeof value === "string" && value ? [value] : [];
}

/**
 * The names of all files that answers hold.
 * @param {Answers} answers
 * @param {Question[]} questions
 */
export function named(answers, questions) {
  return places(questions).flatMap(({ key }) => names(answers.get(key)));
}

/**
 * The key of the question that a file answers, "" for none.
 * @param {Answers} answers
 * @param {Question[]} questions
 * @param {string} name
 */
export function placeOf(answers, questions, name) {
  return places(questions).find(({ key }) => names(answers.get(key)).includes(name))?.key ?? "";
}

/**
 * Let a file answer a question, and no other one; "" for none. One that takes a single file gives up the one it had.
 * @param {Answers} answers
 * @param {Question[]} questions
 * @param {string} name
 * @param {string} chosen
 */
export function place(answers, questions, name, chosen) {
  for (const { key, input } of places(questions)) {
    const before = names(answers.get(key));
    const others = before.filter((one) => one !== name);
    const found = key === chosen ? (input === "files" ? [...others, name] : [name]) : others;
    if (JSON.stringify(found) !== JSON.stringify(before)) answers.set(key, input === "files" ? found : (found[0] ?? ""));
  }
}

/**
 * Where a file goes by itself: to what the program proposes, unless that takes one file and has it.
 * @param {Answers} answers
 * @param {Question[]} questions
 * @param {string} name
 * @param {string} proposed
 */
export function propose(answers, questions, name, proposed) {
  const question = places(questions).find(({ key }) => key === proposed);
  if (!question || placeOf(answers, questions, name)) return;
  if (question.input === "files" || !names(answers.get(proposed)).length) place(answers, questions, name, proposed);
}
