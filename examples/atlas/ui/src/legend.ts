// The kinds of files in the folder shown: what colour they have and how much of it they are.

import type { FileKind, View } from "./api";
import { element } from "./element";
import { bytes, share } from "./format";
import { FILE_KINDS, KIND_TITLES } from "./kinds";

export class Legend {
  private readonly items = new Map<FileKind, { button: HTMLButtonElement; size: HTMLElement; part: HTMLElement }>();
  private chosen: FileKind | null = null;

  constructor(root: HTMLElement, choose: (kind: FileKind | null) => void) {
    const strip = element("div", { class: "strip", aria: { hidden: "true" } });
    const keys = element("div", { class: "keys" });
    for (const kind of FILE_KINDS) {
      const size = element("span", { class: "size" });
      const dot = element("i", { class: "dot", data: { kind } });
      const button = element("button", { type: "button", aria: { pressed: "false" } }, dot, KIND_TITLES[kind], size);
      button.addEventListener("click", () => {
        this.chosen = this.chosen === kind ? null : kind;
        for (const [other, item] of this.items) item.button.setAttribute("aria-pressed", String(other === this.chosen));
        choose(this.chosen);
      });
      const part = element("i", { data: { kind } });
      strip.append(part);
      keys.append(button);
      this.items.set(kind, { button, size, part });
    }
    root.append(strip, keys);
    this.show(null);
  }

  show(view: View | null): void {
    const total = view?.tree.size ?? 0;
    const sizes = new Map(view?.kinds.map(({ kind, size }) => [kind, size]));
    for (const [kind, { button, size, part }] of this.items) {
      const own = sizes.get(kind) ?? 0;
      size.textContent = own ? bytes(own) : "";
      button.title = own ? `${KIND_TITLES[kind]}: ${bytes(own)}, ${share(own, total)}` : `${KIND_TITLES[kind]}: none`;
      button.classList.toggle("none", own === 0);
      part.style.setProperty("flex-grow", String(total ? own / total : 0));
    }
  }
}
