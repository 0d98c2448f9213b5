/* The theme's search, asked for Chinese character by character and answered with exact names first.
   The index parts Chinese into characters, so that a word is found wherever it begins; here a query
   is parted alike, all of it is asked for, and what comes back is put in order. What finds, counts
   and marks is the theme's own worker, which the page names after the question mark. */
"use strict";
const QUERY = 2, RESULT = 3, SETUP = 0;
const send = self.postMessage.bind(self);
let separator = /\s+/;
let places = new Map();
/* Who waits for what the theme answers; without one it goes to the page as it is. */
let waiting = null;
self.postMessage = (message) => {
  if (waiting === null || message.type !== RESULT) return send(message);
  const answered = waiting;
  waiting = null;
  return answered(message.data);
};
const ask = (query) =>
  new Promise((answered) => {
    waiting = answered;
    self.dispatchEvent(new MessageEvent("message", { data: { type: QUERY, data: query } }));
  });

/* Text as it is compared: without markup, blanks and the difference of wide and narrow letters. */
const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', "#34": '"', "#39": "'" };
const plain = (html) =>
  html.replace(/<[^<>]*>/g, "").replace(/&(lt|gt|amp|quot|#34|#39);/g, (_, name) => ENTITIES[name]);
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[\s\u200b]+/g, "");
const escaped = (text) =>
  text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" })[c]);

/* The pieces of a query as the index has them; Chinese ones are characters, of others a beginning
   is enough. Signs that the theme's search gives a meaning are none of a piece. */
const pieces = (query) =>
  escaped(query.normalize("NFKC"))
    .toLowerCase()
    .split(separator)
    .map((piece) => (piece || "").replace(/[~^*+:\\-]/g, ""))
    .filter(Boolean);
const HAN = /^[\u3007\u3400-\u9fff\uf900-\ufaff]$/;
const term = (piece) => (HAN.test(piece) ? piece : `${piece}*`);

const placeOf = (location) => {
  let place = places.get(location);
  if (place && !place.names) {
    const text = plain(place.text);
    /* A short entry lists other names, such as clause and id; pages have markup and no such list. */
    place.names = new Set(place.text.includes("<") ? [] : text.split(/[、,]/).map(fold));
    place.title = fold(plain(place.title));
    place.text = fold(text);
  }
  return place || { title: "", text: "", names: new Set() };
};

/* How well a place answers: its name, a name of it, a name that begins so or holds it, its text,
   every word somewhere, every piece somewhere. Below 1 is what share it has of the words' pairs of
   pieces, or 0 where that is less than half. */
const rank = (place, asked) => {
  const { whole, words, pairs } = asked;
  const { title, text, names } = place;
  const has = (word) => title.includes(word) || text.includes(word);
  if (title === whole) return 7;
  if (names.has(whole) || (title.startsWith(whole) && !/[a-z0-9]$/.test(whole))) return 6;
  if (title.startsWith(whole)) return /^[a-z0-9]/.test(title.slice(whole.length)) ? 5 : 6;
  if (title.includes(whole)) return 5;
  if (words.length > 1 && words.every((word) => title.includes(word))) return 4;
  if (text.includes(whole)) return 3;
  if (words.every(has)) return 2;
  if (asked.all) return 1;
  const share = pairs.filter(has).length / pairs.length;
  return share >= 0.5 ? 0.99 * share : 0;
};

/* In order, each page once but for what is named exactly, which stands by itself. */
const ordered = (items, asked) => {
  const found = items.flat().filter((item) => Object.keys(item.terms).length);
  const most = Math.max(1, ...found.map((item) => item.score));
  for (const item of found) {
    const place = placeOf(item.location);
    item.rank = rank(place, asked);
    /* Alike in that, the shorter name is nearer, then what the theme's search thinks of it. */
    item.score = item.rank * 1000 + 500 / (1 + place.title.length) + item.score / most;
  }
  const groups = new Map();
  for (const item of found.filter((one) => one.rank > 0).sort((a, b) => b.score - a.score)) {
    const page = item.rank >= 4 ? item.location : item.location.split("#")[0];
    groups.set(page, [...(groups.get(page) || []), item]);
  }
  const titled = new Map(items.flat().map((item) => [item.location, item]));
  for (const [page, group] of groups) {
    const own = titled.get(page);
    if (own && !group.includes(own)) group.push({ ...own, score: 0 });
  }
  return [...groups.values()];
};

const answer = async (query) => {
  const parted = pieces(query);
  if (!parted.length) return { items: [] };
  const words = query.split(/\s+/).map(fold).filter(Boolean);
  const pairs = words.flatMap((word) => {
    const own = pieces(word).map((piece) => fold(plain(piece)));
    return own.length > 1 ? own.slice(1).map((piece, index) => own[index] + piece) : own;
  });
  const asked = { whole: fold(query), words, pairs, all: true };
  let items = (await ask(parted.map((piece) => `+${term(piece)}`).join(" "))).items;
  if (!items.length && parted.length > 1) {
    asked.all = false;
    items = (await ask(parted.map(term).join(" "))).items;
  }
  return { items: ordered(items, asked) };
};

/* One after the other: the theme answers in the order in which it is asked. */
let last = Promise.resolve();
self.addEventListener("message", (event) => {
  if (!event.isTrusted) return;
  const { type, data } = event.data;
  if (type === SETUP) {
    separator = new RegExp(data.config.separator);
    places = new Map(data.docs.map((doc) => [doc.location, { title: doc.title, text: doc.text }]));
  }
  if (type !== QUERY) return;
  event.stopImmediatePropagation();
  last = last.then(async () => send({ type: RESULT, data: await answer(data) }));
});
const own = self.location.search.slice(1);
if (/^search\.\w+\.min\.js$/.test(own)) importScripts(own);
