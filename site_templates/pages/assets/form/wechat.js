/* The browser inside WeChat lets nothing be downloaded, and keeps drafts of its own: it is told before anything is typed. */

import { make } from "./dom.js";

/** Names that such browsers give themselves: WeChat, and WeChat for companies. */
const NAMES = /MicroMessenger/i;

/** The picture and words in the page, hidden until they are needed. */
const PLACE = "ap-f-wechat";

/** Whether the page is shown inside WeChat. */
export function inWechat() {
  return NAMES.test(window.navigator.userAgent);
}

/**
 * What to do inside WeChat, with a picture; null in any other browser.
 * @returns {HTMLElement | null}
 */
export function wechatNotice() {
  const written = document.getElementById(PLACE);
  if (!inWechat() || !written) return null;
  const element = make("section", { class: "ap-f-alert ap-f-wechat", role: "note" });
  element.append(...[...written.childNodes].map((node) => node.cloneNode(true)));
  return element;
}
