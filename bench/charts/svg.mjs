// @ts-check

/** @typedef {Readonly<Record<string, string | number>>} Attributes */

/**
 * An element as text. What stands between its tags is taken as it is: it is made by this function, or by `escaped`.
 *
 * @param {string} name
 * @param {Attributes} attributes
 * @param {string} [content]
 */
export function element(name, attributes, content) {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? digits(value) : value)}"`);
  return content === undefined ? `<${name}${pairs.join('')}/>` : `<${name}${pairs.join('')}>${content}</${name}>`;
}

/** @param {string} words */
export function escaped(words) {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** @param {number} x @param {number} y @param {string} words @param {Attributes} [attributes] */
export function text(x, y, words, attributes = {}) {
  return element('text', { x, y, ...attributes }, escaped(words));
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {string} look a class */
export function line(x1, y1, x2, y2, look) {
  return element('line', { x1, y1, x2, y2, class: look });
}

/** A tenth of a pixel is not seen, and the same picture must be the same text on every machine. @param {number} value */
function digits(value) {
  return String(Math.round(value * 10) / 10);
}
