// The scans that are open, as the page knows them, and their chips.

import { drop, scan, scans, type ScanEvent, type ScanInfo, type View } from "./api";
import { element } from "./element";
import { bytes } from "./format";

/** One scan. `view` is the folder shown of it, `focus` that folder's number; `top` is the latest view of everything. */
export interface OpenScan {
  info: ScanInfo;
  focus: number;
  view: View | null;
  top: View | null;
  current: string;
  control: AbortController | null;
}

/** Scans that are open at once; the Python side keeps a few more, in case a page does not close its own. */
const MOST = 6;

export interface ScansEvents {
  changed(scan: OpenScan): void;
  shown(scan: OpenScan | null): void;
  stopped(scan: OpenScan): void;
  failed(error: unknown): void;
}

export class Scans {
  private readonly open = new Map<number, OpenScan>();
  private activeId: number | null = null;

  constructor(
    private readonly chips: HTMLElement,
    private readonly events: ScansEvents,
  ) {}

  get active(): OpenScan | null {
    return this.activeId === null ? null : (this.open.get(this.activeId) ?? null);
  }

  get(scanId: number): OpenScan | undefined {
    return this.open.get(scanId);
  }

  /** Take up a scan that outlived the last load of the page. */
  restore(found: ScanInfo): OpenScan {
    // A scan ends with the page that started it; this one may not have noticed yet.
    const info: ScanInfo = found.state === "running" ? { ...found, state: "cancelled" } : found;
    const restored: OpenScan = { info, focus: 0, view: null, top: null, current: "", control: null };
    this.open.set(info.scanId, restored);
    this.activeId = info.scanId;
    this.drawChips();
    return restored;
  }

  /** Scan a folder; the promise settles when the scan has ended, one way or another. */
  async start(folder: string): Promise<void> {
    const control = new AbortController();
    let own: OpenScan | null = null;
    try {
      const info = await scan(
        folder,
        (event) => {
          if (event.type === "started") own = this.begin(event.scan, control);
          else if (own) this.take(own, event);
        },
        control.signal,
      );
      this.settle(own, info);
    } catch (error) {
      this.settle(own, null);
      if (!control.signal.aborted) this.events.failed(error);
      else await this.learnRest();
    }
  }

  /** Stop a scan; what it has found stays. */
  cancel(scanId: number): void {
    this.open.get(scanId)?.control?.abort();
  }

  /** Stop a scan and forget it. */
  async close(scanId: number): Promise<void> {
    this.cancel(scanId);
    this.open.delete(scanId);
    if (this.activeId === scanId) {
      this.activeId = [...this.open.keys()].pop() ?? null;
      this.events.shown(this.active);
    }
    this.drawChips();
    await drop(scanId);
  }

  show(scanId: number): void {
    if (!this.open.has(scanId)) return;
    this.activeId = scanId;
    this.drawChips();
    this.events.shown(this.active);
  }

  update(info: ScanInfo): void {
    const found = this.open.get(info.scanId);
    if (!found) return;
    found.info = info;
    this.drawChips();
  }

  /** Learn what cancelled scans found between their last message and their end. */
  private async learnRest(): Promise<void> {
    for (const info of await scans()) {
      const known = this.open.get(info.scanId);
      if (known?.info.state !== "cancelled" || info.state === "running") continue;
      known.info = info;
      this.events.stopped(known);
    }
    this.drawChips();
  }

  private begin(info: ScanInfo, control: AbortController): OpenScan {
    for (const other of [...this.open.values()]) {
      // The same folder again replaces what was known of it.
      if (other.info.folder === info.folder && other.info.state !== "running") void this.close(other.info.scanId);
    }
    const ended = [...this.open.values()].filter((other) => other.info.state !== "running");
    for (const other of ended.slice(0, Math.max(0, this.open.size - MOST + 1))) void this.close(other.info.scanId);
    const begun: OpenScan = { info, focus: 0, view: null, top: null, current: "", control };
    this.open.set(info.scanId, begun);
    this.show(info.scanId);
    return begun;
  }

  private take(own: OpenScan, event: ScanEvent): void {
    if (event.type === "partial") own.top = event.view;
    else if (event.type === "progress") {
      // After a cancel, messages that were on their way still come.
      if (own.control) [own.info, own.current] = [event.scan, event.current];
    }
    else if (event.type === "finished") [own.info, own.top] = [event.scan, event.view];
    if (own.top && own.focus === own.top.tree.id) own.view = own.top;
    this.drawChips();
    this.events.changed(own);
  }

  private settle(own: OpenScan | null, info: ScanInfo | null): void {
    if (!own || !this.open.has(own.info.scanId)) return;
    own.control = null;
    own.info = info ?? { ...own.info, state: "cancelled" };
    this.drawChips();
    this.events.changed(own);
  }

  private drawChips(): void {
    const known = new Map([...this.chips.children].map((chip) => [(chip as HTMLElement).dataset["scan"], chip]));
    const chips = [...this.open.values()].map((item) => {
      const id = String(item.info.scanId);
      const chip = (known.get(id) as HTMLElement | undefined) ?? this.makeChip(item.info);
      chip.dataset["state"] = item.info.state;
      chip.classList.toggle("active", item.info.scanId === this.activeId);
      chip.querySelector(".size")?.replaceChildren(bytes(item.info.size));
      return chip;
    });
    const same = chips.length === this.chips.children.length && chips.every((chip, i) => this.chips.children[i] === chip);
    if (!same) this.chips.replaceChildren(...chips);
  }

  private makeChip(info: ScanInfo): HTMLElement {
    const name = info.folder.split("/").pop() || info.folder;
    const show = element(
      "button",
      { type: "button", class: "show", title: info.folder },
      element("i", { class: "state" }),
      element("bdi", { class: "name" }, name),
      element("span", { class: "size" }),
    );
    const close = element("button", { type: "button", class: "close", title: "Close this scan", aria: { label: `Close ${name}` } }, "×");
    show.addEventListener("click", () => this.show(info.scanId));
    close.addEventListener("click", () => void this.close(info.scanId));
    return element("li", { data: { scan: String(info.scanId) } }, show, close);
  }
}
