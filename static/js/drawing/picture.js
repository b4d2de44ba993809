// An element that is one SVG picture of its own size in pixels, and the pen that draws it.
// The picture is drawn anew at every frame and touches only what has become different.

/** @import { Told } from "../core/ending.js" */
/** @import { State } from "../core/store.js" */
/** @import { Timeline } from "../core/timeline.js" */
/** @import { Scene } from "../core/scene.js" */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Record<string, string | number>} Attributes */

/**
 * @typedef {{ element: SVGElement, attributes: Map<string, string>, text: string, kept: Map<string, Node>,
 *   cursor: ChildNode | null }} Node
 */

/** @typedef {{ state: State, timeline: Timeline, scene: Scene, reducedMotion: boolean, serverMs: number, ending?: Told | null }} View */

/** Draws its view again when its size changes; the size is never asked for while drawing. */
export class Picture extends HTMLElement {
  #svg = /** @type {SVGSVGElement} */ (document.createElementNS(SVG, "svg"));
  #pen = new Pen(this.#svg);
  #watch = new ResizeObserver(([entry]) => { if (entry !== undefined) this.#resized(entry.contentRect); });
  #width = 0;
  #height = 0;
  #em = 16;
  /** @type {View | null} */
  #view = null;
  #isDrawn = false;

  connectedCallback() {
    this.#svg.setAttribute("role", "img");
    this.#pen.prefix = `${this.localName}${this.side}`;
    this.replaceChildren(this.#svg);
    this.#watch.observe(this);
  }

  /** @returns {"client" | "server"} which host it shows, where it shows one */
  get side() {
    return (this.getAttribute("side") ?? this.dataset.side) === "server" ? "server" : "client";
  }

  disconnectedCallback() {
    this.#watch.disconnect();
  }

  /** @param {View} view */
  update(view) {
    const drawn = this.#view;
    this.#view = view;
    if (this.#width < 1 || this.#height < 1) return;
    if (drawn !== null && this.#isDrawn && this.isSame(drawn, view)) return;
    this.#isDrawn = true;
    this.#pen.begin(this.#width, this.#height);
    this.draw(this.#pen, view, this.#width, this.#height, this.#em);
    this.#pen.done();
  }

  /**
   * What the picture shows, in a few words, for those who hear it; the caption and the table tell the rest.
   * @param {string} words
   */
  name(words) {
    if (this.#svg.getAttribute("aria-label") !== words) this.#svg.setAttribute("aria-label", words);
  }

  /**
   * Whether two views are one and the same picture; said only where it is certain.
   * @param {View} _one
   * @param {View} _other
   * @returns {boolean}
   */
  isSame(_one, _other) {
    return false;
  }

  /**
   * @param {Pen} _pen
   * @param {View} _view
   * @param {number} _width px
   * @param {number} _height px
   * @param {number} _em px
   */
  draw(_pen, _view, _width, _height, _em) {
    throw new Error("a picture draws itself");
  }

  /**
   * Rounded down, so that nothing is drawn smaller than it is meant.
   * @param {DOMRectReadOnly} box inside of the border
   */
  #resized({ width, height }) {
    this.#width = Math.floor(width);
    this.#height = Math.floor(height);
    this.#em = parseFloat(getComputedStyle(this).fontSize);
    this.#isDrawn = false;
    if (this.#view !== null) this.update(this.#view);
  }
}

/** Nodes are kept by their key; after `done` the tree holds exactly what was drawn, in that order. */
export class Pen {
  /** @type {Node[]} */
  #open;
  #size = "";
  prefix = "picture";

  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.#open = [asNode(svg)];
  }

  /** @returns {Node} */
  get #parent() {
    return /** @type {Node} */ (this.#open.at(-1));
  }

  /**
   * Begins a picture of that size in pixels.
   * @param {number} width
   * @param {number} height
   */
  begin(width, height) {
    const root = /** @type {Node} */ (this.#open[0]);
    const size = `0 0 ${width} ${height}`;
    if (size !== this.#size) root.element.setAttribute("viewBox", size);
    this.#size = size;
    root.cursor = root.element.firstChild;
  }

  /** Ends the picture: what was not drawn this time is gone. */
  done() {
    removeRest(this.#parent);
  }

  /**
   * A group, or a nested svg that cuts off what is outside of it.
   * @param {"g" | "svg" | "defs" | "pattern"} name
   * @param {string} key
   * @param {Attributes} attributes
   * @param {() => void} draw
   */
  inside(name, key, attributes, draw) {
    const node = this.#shape(name, key, attributes);
    node.cursor = node.element.firstChild;
    this.#open.push(node);
    draw();
    removeRest(node);
    this.#open.pop();
  }

  /**
   * @param {string} key
   * @param {Attributes} attributes
   */
  rect(key, attributes) {
    this.#shape("rect", key, attributes);
  }

  /**
   * @param {string} key
   * @param {Attributes} attributes
   */
  path(key, attributes) {
    this.#shape("path", key, attributes);
  }

  /**
   * @param {string} key
   * @param {Attributes} attributes
   */
  circle(key, attributes) {
    this.#shape("circle", key, attributes);
  }

  /**
   * @param {string} key
   * @param {string} words
   * @param {string} style classes of picture.css
   * @param {number | string} x
   * @param {number} y
   * @param {Attributes} [more]
   */
  text(key, words, style, x, y, more = {}) {
    const node = this.#shape("text", key, { class: style, x, y, ...more });
    if (node.text === words) return;
    node.element.textContent = words;
    node.text = words;
  }

  /**
   * @param {string} name
   * @param {string} key unique among its siblings of that name
   * @param {Attributes} attributes
   * @returns {Node}
   */
  #shape(name, key, attributes) {
    const parent = this.#parent;
    const kind = `${name} ${key}`;
    let node = parent.kept.get(kind);
    if (node === undefined) {
      node = asNode(/** @type {SVGElement} */ (document.createElementNS(SVG, name)));
      parent.kept.set(kind, node);
    }
    if (node.element === parent.cursor) parent.cursor = parent.cursor.nextSibling;
    else parent.element.insertBefore(node.element, parent.cursor);
    setAttributes(node, attributes);
    return node;
  }
}

/**
 * @param {SVGElement} element
 * @returns {Node}
 */
function asNode(element) {
  return { element, attributes: new Map(), text: "", kept: new Map(), cursor: null };
}

/**
 * @param {Node} node
 * @param {Attributes} attributes
 */
function setAttributes(node, attributes) {
  for (const name of node.attributes.keys()) {
    if (name in attributes) continue;
    node.element.removeAttribute(name);
    node.attributes.delete(name);
  }
  for (const name in attributes) {
    const value = written(/** @type {string | number} */ (attributes[name]));
    if (node.attributes.get(name) === value) continue;
    node.element.setAttribute(name, value);
    node.attributes.set(name, value);
  }
}

/**
 * A hundredth of a pixel is as fine as anybody sees.
 * @param {string | number} value
 * @returns {string}
 */
function written(value) {
  return typeof value === "string" ? value : String(Math.round(value * 100) / 100);
}

/** @param {Node} node */
function removeRest(node) {
  while (node.cursor !== null) {
    const next = node.cursor.nextSibling;
    node.cursor.remove();
    node.cursor = next;
  }
}
