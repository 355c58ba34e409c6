// Making elements. Text is only ever set as text: the names of files are written by strangers.

type Child = Node | string | null | undefined | false;
type Properties<K extends keyof HTMLElementTagNameMap> = {
  [P in keyof HTMLElementTagNameMap[K]]?: HTMLElementTagNameMap[K][P];
} & { class?: string; data?: Record<string, string>; aria?: Record<string, string>; css?: Record<string, string> };

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<K> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  const { class: className, data = {}, aria = {}, css = {}, ...rest } = properties;
  if (className) made.className = className;
  Object.assign(made.dataset, data);
  for (const [name, value] of Object.entries(aria)) made.setAttribute(name === "role" ? name : `aria-${name}`, value);
  for (const [name, value] of Object.entries(css)) made.style.setProperty(name, value);
  Object.assign(made, rest);
  for (const child of children) if (child) made.append(child);
  return made;
}

/** Find an element that the page is known to have. */
export function byId<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element with the id ${id}`);
  return found as T;
}
