// Small tools of the elements: make a node, write a text, ask for something. No text ever becomes markup.

/** @import { Wish } from "../core/keys.js" */
/** @import { Choice } from "../core/store.js" */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/**
 * Lines as <br> parted text.
 * @param {string} text
 * @returns {Array<Node | string>}
 */
export function broken(text) {
  return text.split("\n").flatMap((line, index) => (index === 0 ? [line] : [make("br"), line]));
}

/**
 * Writes only what is new: a text that is written again is read out again, and costs a layout.
 * @param {Element} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {string | null} value null takes the attribute away
 */
export function setAttribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * One of the shapes below, drawn in the colour of the text.
 * @param {string} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name] ?? "");
  svg.append(path);
  return svg;
}

/** @type {Record<string, string>} */
const ICONS = {
  play: "M7 4.5v15l13-7.5z",
  pause: "M6 4.5h4.5v15H6zM13.5 4.5H18v15h-4.5z",
  nextStep: "M6 4.5v15l9.5-7.5zM16 4.5h3v15h-3z",
  previousStep: "M18 4.5v15l-9.5-7.5zM5 4.5h3v15H5z",
  nextFrame: "M3 5v14l8.5-7zM11.5 5v14l8.5-7zM20 5h2v14h-2z",
  previousFrame: "M21 5v14l-8.5-7zM12.5 5v14L4 12zM2 5h2v14H2z",
  down: "M12 19.5l-7-7 1.8-1.8 3.9 3.9V4h2.6v10.6l3.9-3.9 1.8 1.8z",
};

/**
 * The request goes up the page; main.js sends it.
 * @param {Element} element
 * @param {Wish} wish
 */
export function ask(element, wish) {
  element.dispatchEvent(new CustomEvent("lv-ask", { bubbles: true, detail: wish }));
}

/**
 * The choice of what to inspect goes up the page, too; null gives it up.
 * @param {Element} element
 * @param {Choice | null} choice
 */
export function chosen(element, choice) {
  element.dispatchEvent(new CustomEvent("lv-choose", { bubbles: true, detail: choice }));
}

/**
 * Whether the keyboard has just come into that element from elsewhere on the page: what it comes to there is chosen.
 * A focus that the page itself sets again, because its node was made anew, comes from nowhere.
 * @param {Element} element
 * @param {FocusEvent} event
 * @returns {boolean}
 */
export function hasComeByKey(element, { target, relatedTarget }) {
  const isFromElsewhere = relatedTarget instanceof Node && !element.contains(relatedTarget);
  return isFromElsewhere && target instanceof Element && target.matches(":focus-visible");
}

/** @type {Map<string, Promise<void>>} */
const sheets = new Map();

/**
 * A style sheet that comes late, asked for once.
 * @param {string} href
 * @returns {Promise<void>} once the sheet is there, or is known not to come
 */
export function styled(href) {
  const known = sheets.get(href);
  if (known !== undefined) return known;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  /** @type {Promise<void>} */
  const come = new Promise((done) => {
    link.addEventListener("load", () => done());
    link.addEventListener("error", () => done());
  });
  sheets.set(href, come);
  document.head.append(link);
  return come;
}
