// The lists beside the map.

import { asAtlasError, explain, largest, type FileRow, type ScanInfo, type View } from "./api";
import { DuplicateSearch } from "./duplicates";
import { byId, element } from "./element";
import { contentsTable, largestTable, type Order } from "./lists";

export type Tab = "contents" | "largest" | "duplicates";

export interface PanelEvents {
  select(scanId: number, nodeId: number): void;
  open(nodeId: number): void;
}

const TABS: Tab[] = ["contents", "largest", "duplicates"];
const ROWS = 200;
/** Milliseconds between two looks at the largest files while a scan runs. */
const OFTEN = 900;

export class Panel {
  readonly duplicates: DuplicateSearch;
  private tab: Tab = "contents";
  private view: View | null = null;
  private orders: Record<Tab, Order> = {
    contents: { by: "size", descending: true },
    largest: { by: "size", descending: true },
    duplicates: { by: "size", descending: true },
  };
  private chosen: number | null = null;
  private asked = 0;
  private turn = 0;
  private readonly list = byId("list");

  constructor(private readonly events: PanelEvents) {
    this.duplicates = new DuplicateSearch((scanId, nodeId) => events.select(scanId, nodeId));
    for (const tab of TABS) {
      byId(`tab-${tab}`).addEventListener("click", () => this.turnTo(tab));
      byId(`tab-${tab}`).addEventListener("keydown", (event) => this.arrow(event));
    }
    this.draw();
  }

  /** Show the lists of a folder. `fresh` says that it is another folder or that it changed on disk. */
  show(view: View | null, info: ScanInfo | null, fresh: boolean): void {
    this.view = view;
    const running = info?.state === "running";
    this.duplicates.at(view && !running ? { scanId: view.scanId, nodeId: view.tree.id, name: view.tree.name } : null);
    if (this.tab === "contents" || !view) this.draw();
    else if (this.tab === "largest" && (fresh || performance.now() - this.asked > OFTEN)) this.draw();
  }

  /** Mark the row of the file that is selected. */
  mark(nodeId: number | null): void {
    this.chosen = nodeId;
    for (const row of this.list.querySelectorAll<HTMLElement>("tr[data-node]")) {
      row.classList.toggle("chosen", Number(row.dataset["node"]) === nodeId);
    }
  }

  turnTo(tab: Tab): void {
    this.tab = tab;
    for (const other of TABS) {
      const button = byId<HTMLButtonElement>(`tab-${other}`);
      button.setAttribute("aria-selected", String(other === tab));
      button.tabIndex = other === tab ? 0 : -1;
    }
    this.list.setAttribute("aria-labelledby", `tab-${tab}`);
    this.list.scrollTop = 0;
    this.draw();
  }

  private arrow(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const next = TABS[(TABS.indexOf(this.tab) + step + TABS.length) % TABS.length] ?? "contents";
    this.turnTo(next);
    byId(`tab-${next}`).focus();
    event.preventDefault();
  }

  private draw(): void {
    const turn = ++this.turn;
    const { view, tab } = this;
    if (tab === "duplicates") this.put([this.duplicates.root]);
    else if (!view) this.put([element("p", { class: "quiet centred" }, "Nothing scanned yet.")]);
    else if (tab === "contents") this.put(contentsTable(view, this.orders.contents, this.rowEvents()));
    else void this.drawLargest(view, turn);
  }

  private async drawLargest(view: View, turn: number): Promise<void> {
    this.asked = performance.now();
    const order = this.orders.largest;
    try {
      const rows: FileRow[] = await largest(view.scanId, view.tree.id, ROWS, order.by, order.descending);
      if (turn === this.turn) this.put(largestTable(rows, order, this.rowEvents()));
    } catch (error) {
      if (turn === this.turn && !asAtlasError(error)) this.put([element("p", { class: "problem" }, explain(error))]);
    }
  }

  private put(nodes: Node[]): void {
    const { list } = this;
    const top = list.scrollTop;
    const focus = document.activeElement?.closest<HTMLElement>("#list tr[data-node]")?.dataset["node"];
    if (nodes.length !== 1 || list.firstChild !== nodes[0]) list.replaceChildren(...nodes);
    list.scrollTop = top;
    this.mark(this.chosen);
    if (focus) list.querySelector<HTMLElement>(`tr[data-node="${focus}"] button`)?.focus({ preventScroll: true });
  }

  private rowEvents() {
    return {
      choose: (nodeId: number, isFolder: boolean) => {
        if (!this.view) return;
        if (isFolder) this.events.open(nodeId);
        else this.events.select(this.view.scanId, nodeId);
      },
      sort: (order: Order) => {
        this.orders[this.tab] = order;
        this.draw();
      },
    };
  }
}
