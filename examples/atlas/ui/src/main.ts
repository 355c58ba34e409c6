// The main window.

import { listen } from "@tauri-apps/api/event";

import { asAtlasError, CHANGED, explain, mode, select, tree, type Changed, type FileDetails, type Piece } from "./api";
import { byId, element } from "./element";
import { drawCrumbs, drawFacts, notify } from "./facts";
import { bytes, counted, day, share } from "./format";
import { Inspector } from "./inspector";
import { KIND_NAMES } from "./kinds";
import type { Cell } from "./layout";
import { Legend } from "./legend";
import { Panel } from "./panel";
import { Scans, type OpenScan } from "./scans";
import { Treemap } from "./treemap";

const DEPTH = 6;
/** Milliseconds between two pictures of a scan that runs: more would only be restless. */
const OFTEN = 280;

/** The page's parts, wired together. */
export class Atlas {
  readonly scans: Scans;
  readonly panel: Panel;
  readonly inspector: Inspector;
  private readonly map: Treemap;
  private readonly legend: Legend;
  private readonly field = byId<HTMLInputElement>("folder");
  private readonly button = byId<HTMLButtonElement>("scan");
  private asked = 0;
  private asking = false;

  constructor() {
    this.scans = new Scans(byId("scans"), {
      changed: (scan) => void this.progressed(scan),
      shown: (scan) => void this.showScan(scan),
      stopped: (scan) => void this.refresh(scan, true),
      failed: (error) => notify(explain(error)),
    });
    this.panel = new Panel({
      select: (scanId, nodeId) => void this.select(scanId, nodeId),
      open: (nodeId) => void this.open(nodeId),
    });
    this.inspector = new Inspector(byId("inspector"), { own: true, empty: "Select a file to see what it holds." });
    this.map = new Treemap(byId<HTMLCanvasElement>("treemap"), {
      open: (piece) => void this.open(piece.id),
      select: (piece) => this.scans.active && void this.select(this.scans.active.info.scanId, piece.id),
      up: () => void this.up(),
      point: (cell, x, y) => this.tip(cell, x, y),
      speak: (cell) => (byId("spoken").textContent = this.describe(cell).join(", ")),
    });
    this.legend = new Legend(byId("legend"), (kind) => this.map.dimExcept(kind));
    byId("scan-form").addEventListener("submit", (event) => this.submit(event));
    byId("scan-home").addEventListener("click", () => void this.scans.start(this.field.value));
    document.addEventListener("keydown", (event) => this.shortcut(event));
  }

  /** Learn what the page is in, and begin. */
  async begin(): Promise<void> {
    const { check, folder, auto, scans } = await mode();
    this.field.value = folder;
    byId("scan-home").textContent = `Scan ${folder}`;
    await listen<Changed>(CHANGED, ({ payload }) => void this.changed(payload));
    for (const info of scans) this.scans.restore(info);
    await this.showScan(this.scans.active);
    if (check) void import("./check").then(({ runChecks }) => runChecks(this));
    else if (auto && scans.length === 0) void this.scans.start(folder);
  }

  /** Show a folder of the active scan. */
  async open(nodeId: number): Promise<void> {
    const scan = this.scans.active;
    if (!scan) return;
    scan.focus = nodeId;
    await this.refresh(scan, true);
  }

  /** Show the folder above the one shown. */
  async up(): Promise<void> {
    const crumbs = this.scans.active?.view?.crumbs ?? [];
    const above = crumbs[crumbs.length - 2];
    if (above) await this.open(above.id);
  }

  /** Show one file's details here, and in the window of details when it is open. */
  async select(scanId: number, nodeId: number): Promise<FileDetails | null> {
    try {
      const details = await select(scanId, nodeId);
      this.inspector.show(details);
      this.map.mark(nodeId);
      this.panel.mark(nodeId);
      return details;
    } catch (error) {
      notify(explain(error));
      return null;
    }
  }

  private submit(event: Event): void {
    event.preventDefault();
    const active = this.scans.active;
    if (this.button.dataset["does"] === "cancel" && active) this.scans.cancel(active.info.scanId);
    else void this.scans.start(this.field.value.trim());
  }

  private shortcut(event: KeyboardEvent): void {
    if (event.altKey && event.key === "ArrowUp") void this.up();
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "l") this.field.select();
    else return;
    event.preventDefault();
  }

  private async showScan(scan: OpenScan | null): Promise<void> {
    this.inspector.show(null);
    this.map.mark(null);
    if (scan) this.field.value = scan.info.folder;
    else this.panel.duplicates.forget();
    if (scan && !scan.control && !scan.view) await this.refresh(scan, true);
    else this.draw(scan, true);
  }

  private async progressed(scan: OpenScan): Promise<void> {
    if (scan !== this.scans.active) return;
    drawFacts(scan);
    const running = scan.info.state === "running";
    if (running && performance.now() - this.asked < OFTEN) return;
    this.asked = performance.now();
    const inside = scan.view && scan.focus !== scan.top?.tree.id;
    if (inside) await this.refresh(scan, !running);
    else this.draw(scan, !running);
  }

  private async changed({ scan: info, rows }: Changed): Promise<void> {
    this.scans.update(info);
    const scan = this.scans.active;
    if (!scan || scan.info.scanId !== info.scanId) return;
    if (rows > 0) await this.refresh(scan, true);
    else drawFacts(scan);
    const shown = this.inspector.shown;
    if (rows > 0 && shown?.scanId === info.scanId) void this.refreshSelected(shown);
  }

  private async refreshSelected(shown: FileDetails): Promise<void> {
    const now = await select(shown.scanId, shown.nodeId).catch(() => ({ ...shown, problem: "gone" }));
    const same = now.modified === shown.modified && now.size === shown.size && now.problem === shown.problem;
    if (!same && this.inspector.shown === shown) this.inspector.show(now);
  }

  private async refresh(scan: OpenScan, fresh: boolean): Promise<void> {
    if (this.asking && !fresh) return;
    this.asking = true;
    this.asked = performance.now();
    const focus = scan.focus;
    try {
      const view = await tree(scan.info.scanId, focus, DEPTH);
      if (scan.focus !== focus) return;
      scan.view = view;
      scan.focus = view.tree.id;
      if (view.crumbs.length === 1) scan.top = view;
    } catch (error) {
      if (asAtlasError(error)?.kind === "gone") return await this.climb(scan);
      notify(explain(error));
    } finally {
      this.asking = false;
    }
    if (scan === this.scans.active) this.draw(scan, fresh);
  }

  /** The folder shown has gone: show the nearest one above it that is still there. */
  private async climb(scan: OpenScan): Promise<void> {
    const crumbs = scan.view?.crumbs ?? [];
    const above = crumbs[crumbs.findIndex(({ id }) => id === scan.focus) - 1] ?? crumbs[0];
    scan.focus = above && above.id !== scan.focus ? above.id : 0;
    await this.refresh(scan, true);
  }

  private draw(scan: OpenScan | null, fresh: boolean): void {
    const running = scan?.info.state === "running" && scan.control !== null;
    const view = scan?.view ?? null;
    this.button.dataset["does"] = running ? "cancel" : "scan";
    this.button.textContent = running ? "Cancel" : "Scan";
    byId("empty").hidden = scan !== null;
    this.map.show(view, running);
    this.legend.show(view);
    this.panel.show(view, scan?.info ?? null, fresh);
    drawCrumbs(view, (nodeId) => void this.open(nodeId));
    drawFacts(scan);
  }

  private tip(cell: Cell | null, x: number, y: number): void {
    const tip = byId("tip");
    tip.hidden = cell === null;
    if (!cell) return;
    const [name, ...rest] = this.describe(cell);
    tip.replaceChildren(element("strong", {}, element("bdi", {}, name ?? "")), element("span", {}, rest.join(" · ")));
    const stage = byId("stage");
    const left = Math.min(x + 14, stage.clientWidth - tip.offsetWidth - 6);
    const top = y + 18 + tip.offsetHeight > stage.clientHeight ? y - tip.offsetHeight - 10 : y + 18;
    tip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }

  private describe({ piece, role }: Cell): string[] {
    const whole = this.scans.active?.view?.tree.size ?? 0;
    if (role === "rest") {
      const size = piece.restSize ?? 0;
      return [`In ${piece.name}`, `${counted(piece.restFiles ?? 0, "smaller one")}`, bytes(size), share(size, whole)];
    }
    return [piece.name, bytes(piece.size), share(piece.size, whole), ...this.more(piece)];
  }

  private more(piece: Piece): string[] {
    if (piece.problem) return [piece.problem];
    if (piece.kind === "folder") return [counted(piece.files, "file")];
    return [KIND_NAMES[piece.kind], day(piece.modified)];
  }
}

void new Atlas().begin();
