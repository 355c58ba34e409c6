// Elements, and values as people read them.

/**
 * Make an element; texts are never markup.
 * @param {string} name
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('aria-') || key === 'role') made.setAttribute(key, value);
    else /** @type {any} */ (made)[key] = value;
  }
  made.append(...children);
  return made;
}

/** @param {number} at milliseconds since 1970 */
export function clock(at) {
  const date = new Date(at);
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** @param {number | null} milliseconds */
export function duration(milliseconds) {
  if (milliseconds === null) return '';
  if (milliseconds < 10) return `${milliseconds.toFixed(2)} ms`;
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 10_000) return `${Math.round(bytes)} B`;
  return bytes < 10_000_000 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1e6)} MB`;
}

/**
 * Indent JSON text that is whole; return other text as it is, with a mark where it was cut.
 * @param {string} text
 * @param {number} whole the size of all of it, in bytes
 */
export function pretty(text, whole) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'string' ? JSON.stringify(value).replaceAll('\\n', '\n') : JSON.stringify(value, null, 2);
  } catch {
    return whole > text.length ? `${text}\n… ${size(whole)} in all; only the beginning is kept` : text;
  }
}

/**
 * Return what tells whether a text and its marks match a filter: every word is in it, and no word after a `-` is.
 * @param {string} filter
 * @returns {(text: string, marks: Set<string>) => boolean}
 */
export function matcher(filter) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return (text, marks) => {
    const lower = text.toLowerCase();
    return words.every((word) => {
      if (word.startsWith('is:')) return marks.has(word.slice(3));
      return word.length > 1 && word.startsWith('-') ? !lower.includes(word.slice(1)) : lower.includes(word);
    });
  };
}
