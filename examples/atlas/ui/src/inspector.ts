// One file: what is known of it, and what it holds.

import { explain, openDetails, preview, previewImage, type FileDetails, type Preview } from "./api";
import { element } from "./element";
import { bytes, count, moment } from "./format";
import { KIND_NAMES } from "./kinds";

export class Inspector {
  private current: FileDetails | null = null;
  private turn = 0;
  private picture: string | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly options: { own: boolean; empty: string },
  ) {
    this.show(null);
  }

  /** Show a file; `null` shows that there is none. */
  show(details: FileDetails | null): void {
    this.current = details;
    const turn = ++this.turn;
    this.forgetPicture();
    if (!details) {
      this.root.replaceChildren(element("p", { class: "quiet centred" }, this.options.empty));
      return;
    }
    const content = element("div", { class: "content" });
    this.root.replaceChildren(this.heading(details), this.facts(details), content);
    void this.fill(content, details, turn);
  }

  get shown(): FileDetails | null {
    return this.current;
  }

  private heading(details: FileDetails): HTMLElement {
    const open = element("button", { type: "button", class: "open-details", title: "Open in a window of its own" }, "Open in window");
    open.addEventListener("click", () => {
      openDetails(details.scanId, details.nodeId).catch((error: unknown) => this.complain(explain(error)));
    });
    return element(
      "header",
      {},
      element("i", { class: "dot", data: { kind: details.kind } }),
      element("h2", { title: details.name }, element("bdi", {}, details.name)),
      this.options.own && open,
    );
  }

  private facts(details: FileDetails): HTMLElement {
    const rows: [string, string][] = [["Path", details.path]];
    if (!details.problem) {
      rows.push(["Kind", KIND_NAMES[details.kind]]);
      if (details.kind !== "folder") rows.push(["Size", sizes(details)]);
      rows.push(["Modified", moment(details.modified)], ["Mode", details.mode]);
      if (details.names > 1 && details.kind !== "folder") rows.push(["Names", `${count(details.names)} hard links`]);
      if (details.target) rows.push(["Points to", details.target]);
    }
    const list = element("dl", {});
    for (const [name, value] of rows) {
      list.append(element("dt", {}, name), element("dd", { title: value }, element("bdi", {}, value)));
    }
    return list;
  }

  private async fill(content: HTMLElement, details: FileDetails, turn: number): Promise<void> {
    try {
      const shown = await preview(details.scanId, details.nodeId);
      const made = await this.render(shown, details);
      if (turn === this.turn) content.replaceChildren(...made);
    } catch (error) {
      if (turn === this.turn) this.complain(explain(error));
    }
  }

  private async render(shown: Preview, details: FileDetails): Promise<Node[]> {
    switch (shown.type) {
      case "image":
        return [await this.image(shown.mime, details)];
      case "text": {
        const text = element("pre", { class: "text", tabIndex: 0 }, shown.text || " ");
        if (!shown.truncated) return [text];
        return [text, element("p", { class: "quiet" }, `The first ${bytes(65_536)} of ${bytes(shown.size)}.`)];
      }
      case "binary":
        if (shown.size === 0) return [element("p", { class: "quiet" }, "The file is empty.")];
        return [element("pre", { class: "hex", tabIndex: 0 }, shown.hex.join("\n"))];
      case "none":
        return details.kind === "folder" ? [] : [element("p", { class: "quiet" }, `No preview: ${shown.reason}.`)];
    }
  }

  private async image(mime: string, details: FileDetails): Promise<Node> {
    const turn = this.turn;
    const raw = await previewImage(details.scanId, details.nodeId);
    if (turn !== this.turn) return element("p");
    this.picture = URL.createObjectURL(new Blob([raw], { type: mime }));
    const picture = element("img", { src: this.picture, alt: `Preview of ${details.name}` });
    const frame = element("figure", {}, picture);
    const caption = element("figcaption", { class: "quiet" });
    picture.addEventListener("load", () => {
      caption.textContent = `${count(picture.naturalWidth)} × ${count(picture.naturalHeight)} pixels`;
    });
    picture.addEventListener("error", () => {
      frame.replaceChildren(element("p", { class: "quiet" }, "This image is damaged or of a kind that cannot be shown."));
    });
    frame.append(caption);
    return frame;
  }

  private complain(text: string): void {
    this.root.querySelector(".content")?.replaceChildren(element("p", { class: "problem", aria: { role: "status" } }, text));
  }

  private forgetPicture(): void {
    if (this.picture) URL.revokeObjectURL(this.picture);
    this.picture = null;
  }
}

function sizes(details: FileDetails): string {
  const exact = details.size >= 1000 ? ` (${count(details.size)} bytes)` : "";
  const sparse = details.size > 4096 && details.onDisk < details.size * 0.9 ? `, ${bytes(details.onDisk)} on disk` : "";
  return `${bytes(details.size)}${exact}${sparse}`;
}
