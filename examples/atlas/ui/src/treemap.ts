// The map: a canvas that draws cells, moves them smoothly, and tells what a person points at.

import type { FileKind, Piece, View } from "./api";
import { bytes, count } from "./format";
import { readPalette, type Palette } from "./kinds";
import { Layout, type Cell } from "./layout";
import type { Rect } from "./squarify";

export interface TreemapEvents {
  open(piece: Piece): void;
  select(piece: Piece): void;
  up(): void;
  point(cell: Cell | null, x: number, y: number): void;
  speak(cell: Cell): void;
}

/** Milliseconds in which a cell covers most of the way to its new place: when a person opens a folder, and by itself. */
const EASE = 80;
const EASE_GROWING = 190;
const FONT = '500 11.5px system-ui, "Segoe UI", sans-serif';
const FONT_SMALL = '10.5px system-ui, "Segoe UI", sans-serif';

/** A cell on its way. `at` is where it is within its folder, in parts of it, so that it moves along; `now` in pixels. */
interface Shown {
  cell: Cell;
  parent: Shown | null;
  goal: Rect;
  at: Rect;
  now: Rect;
  alpha: number;
}

export class Treemap {
  private view: View | null = null;
  private growing = false;
  private readonly layout = new Layout();
  private shown: Shown[] = [];
  private byKey = new Map<string, Shown>();
  private palette: Palette = readPalette();
  private widths = new Map<string, number>();
  private hovered: string | null = null;
  private cursor: string | null = null;
  private highlight: FileKind | null = null;
  private selected: number | null = null;
  private frame = 0;
  private before = 0;
  private readonly ink: CanvasRenderingContext2D;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly events: TreemapEvents,
  ) {
    const ink = canvas.getContext("2d");
    if (!ink) throw new Error("this browser cannot draw on a canvas");
    this.ink = ink;
    new ResizeObserver(() => this.resize()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
    canvas.addEventListener("pointermove", (event) => this.point(event.offsetX, event.offsetY));
    canvas.addEventListener("pointerleave", () => this.hover(null, 0, 0));
    canvas.addEventListener("click", (event) => this.click(event.offsetX, event.offsetY));
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => this.moveCursor(null));
    this.resize();
  }

  /** Draw a view; cells that were there before move to their new places. `growing` says that more is to come. */
  show(view: View | null, growing: boolean): void {
    if (view === this.view && growing === this.growing) return;
    const same = view?.scanId === this.view?.scanId;
    const zoom = view?.tree.id !== this.view?.tree.id;
    this.view = view;
    this.growing = growing;
    if (!same) this.byKey.clear();
    this.arrange(!same, zoom);
  }

  /** Dim everything that is not of this kind; `null` shows all kinds alike. */
  dimExcept(kind: FileKind | null): void {
    this.highlight = kind;
    this.draw();
  }

  /** Mark the file that is selected. */
  mark(id: number | null): void {
    this.selected = id;
    this.draw();
  }

  private get width(): number {
    return this.canvas.clientWidth;
  }

  private get height(): number {
    return this.canvas.clientHeight;
  }

  private resize(): void {
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.arrange(true, false);
  }

  private recolour(): void {
    this.palette = readPalette();
    this.draw();
  }

  private arrange(jump: boolean, zoom: boolean): void {
    const cells = this.view ? this.layout.cells(this.view.tree, this.width, this.height, this.growing) : [];
    const before = this.byKey;
    const still = jump || this.still.matches;
    const whole = { x: 0, y: 0, w: this.width, h: this.height };
    this.byKey = new Map();
    this.shown = cells.map((cell) => {
      const parent = cell.parent ? (this.byKey.get(cell.parent.key) ?? null) : null;
      const goal = within(cell.rect, cell.parent?.rect ?? whole);
      const old = before.get(cell.key);
      const stay = !still && old !== undefined && (zoom || near(old.now, cell.rect));
      const at = stay ? within(old.now, parent?.now ?? whole) : { ...goal };
      const alpha = still ? 1 : stay ? old.alpha : old ? 0.4 : 0;
      const shown = { cell, parent, goal, at, now: outOf(at, parent?.now ?? whole), alpha };
      this.byKey.set(cell.key, shown);
      return shown;
    });
    if (this.cursor && !this.byKey.has(this.cursor)) this.cursor = null;
    this.draw();
  }

  private draw(): void {
    if (this.frame) return;
    this.before = performance.now();
    this.frame = requestAnimationFrame((now) => this.step(now));
  }

  private step(now: number): void {
    this.frame = 0;
    const part = 1 - Math.exp(-Math.max(now - this.before, 8) / (this.growing ? EASE_GROWING : EASE));
    this.before = now;
    const whole = { x: 0, y: 0, w: this.width, h: this.height };
    let moving = false;
    for (const shown of this.shown) moving = approach(shown, part, whole) || moving;
    this.paint();
    if (moving) this.frame = requestAnimationFrame((next) => this.step(next));
  }

  private paint(): void {
    const { ink, palette } = this;
    ink.globalAlpha = 1;
    ink.fillStyle = palette.ground;
    ink.fillRect(0, 0, this.width, this.height);
    for (const shown of this.shown) this.paintCell(shown);
    ink.globalAlpha = 1;
    this.outline(this.hovered, palette.hover, 1.5);
    this.outline(this.selected === null ? null : String(this.selected), palette.ring, 2);
    this.outline(this.cursor, palette.ring, 2.5);
  }

  private paintCell({ cell, now, alpha }: Shown): void {
    if (now.w < 1.5 || now.h < 1.5) return;
    const { ink, palette } = this;
    const gap = now.w > 8 && now.h > 8 ? 1 : 0.5;
    const box = { x: now.x + gap / 2, y: now.y + gap / 2, w: now.w - gap, h: now.h - gap };
    ink.globalAlpha = alpha;
    if (cell.role === "folder") {
      ink.fillStyle = palette.folders[cell.depth % palette.folders.length] ?? palette.ground;
      this.box(box, 4);
      if (cell.strip) this.title(cell, box);
      return;
    }
    const dim = this.highlight !== null && kindOf(cell) !== this.highlight;
    ink.globalAlpha = alpha * (dim ? 0.16 : 1);
    ink.fillStyle = cell.role === "rest" ? palette.rest : palette.kinds[kindOf(cell)];
    this.box(box, 3);
    if (!dim) this.label(cell, box);
  }

  private box({ x, y, w, h }: Rect, radius: number): void {
    const { ink } = this;
    if (w < 10 || h < 10) {
      ink.fillRect(x, y, w, h);
      return;
    }
    ink.beginPath();
    ink.roundRect(x, y, w, h, Math.min(radius, Math.min(w, h) / 8));
    ink.fill();
  }

  private title(cell: Cell, box: Rect): void {
    const { ink, palette } = this;
    ink.font = FONT;
    ink.textBaseline = "middle";
    const line = box.y + cell.strip / 2 + 0.5;
    const size = bytes(cell.piece.size);
    const wide = this.measure(size, FONT_SMALL);
    const room = box.w - 12;
    const name = this.fit(cell.piece.name, room > wide + 60 ? room - wide - 8 : room, FONT);
    ink.font = FONT;
    ink.fillStyle = palette.title;
    ink.fillText(name, box.x + 6, line);
    if (room > wide + 60) {
      ink.font = FONT_SMALL;
      ink.fillStyle = palette.faint;
      ink.fillText(size, box.x + box.w - 6 - wide, line);
    }
  }

  private label(cell: Cell, box: Rect): void {
    if (box.w < 34 || box.h < 17) return;
    const { ink, palette } = this;
    const text = cell.role === "rest" ? `+ ${count(cell.piece.restFiles ?? 0)} smaller` : cell.piece.name;
    const name = this.fit(text, box.w - 10, FONT);
    if (!name) return;
    ink.textBaseline = "middle";
    ink.font = FONT;
    ink.fillStyle = cell.role === "rest" ? palette.faint : palette.label;
    ink.fillText(name, box.x + 5, box.y + 10.5);
    if (box.h < 34) return;
    const size = bytes(cell.role === "rest" ? (cell.piece.restSize ?? 0) : cell.piece.size);
    ink.font = FONT_SMALL;
    ink.globalAlpha *= 0.75;
    if (this.measure(size, FONT_SMALL) < box.w - 10) ink.fillText(size, box.x + 5, box.y + 24.5);
  }

  private outline(key: string | null, colour: string, thick: number): void {
    const shown = key === null ? undefined : this.byKey.get(key);
    if (!shown) return;
    const { ink } = this;
    const { x, y, w, h } = shown.now;
    ink.strokeStyle = colour;
    ink.lineWidth = thick;
    ink.beginPath();
    ink.roundRect(x + thick / 2, y + thick / 2, Math.max(0, w - thick), Math.max(0, h - thick), 3);
    ink.stroke();
  }

  private measure(text: string, font: string): number {
    const key = font + text;
    let wide = this.widths.get(key);
    if (wide === undefined) {
      if (this.widths.size > 20_000) this.widths.clear();
      this.ink.font = font;
      wide = this.ink.measureText(text).width;
      this.widths.set(key, wide);
    }
    return wide;
  }

  private fit(text: string, room: number, font: string): string {
    const wide = this.measure(text, font);
    if (wide <= room) return text;
    const letters = [...text];
    // Letters differ in width: begin at the share that fits on average and go down from there.
    for (let keep = Math.ceil((letters.length * room) / wide); keep >= 2; keep -= 1) {
      const short = `${letters.slice(0, keep).join("").trimEnd()}…`;
      if (this.measure(short, font) <= room) return short;
    }
    return "";
  }

  private at(x: number, y: number): Cell | null {
    for (let i = this.shown.length - 1; i >= 0; i -= 1) {
      const cell = this.shown[i]?.cell;
      if (cell && inside(cell.rect, x, y)) return cell;
    }
    return null;
  }

  private point(x: number, y: number): void {
    this.hover(this.at(x, y), x, y);
  }

  private hover(cell: Cell | null, x: number, y: number): void {
    this.events.point(cell, x, y);
    if ((cell?.key ?? null) === this.hovered) return;
    this.hovered = cell?.key ?? null;
    this.canvas.style.cursor = cell ? "pointer" : "default";
    this.draw();
  }

  private click(x: number, y: number): void {
    const cell = this.at(x, y);
    if (cell) this.activate(cell);
  }

  private activate(cell: Cell): void {
    if (cell.role !== "leaf" || cell.piece.kind === "folder") this.events.open(cell.piece);
    else this.events.select(cell.piece);
  }

  private key(event: KeyboardEvent): void {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    const cursor = this.cursor === null ? undefined : this.byKey.get(this.cursor)?.cell;
    if (dx || dy) this.moveCursor(this.neighbour(cursor, dx, dy));
    else if ((event.key === "Enter" || event.key === " ") && cursor) this.activate(cursor);
    else if (event.key === "Backspace") this.events.up();
    else if (event.key === "Escape") this.moveCursor(null);
    else return;
    event.preventDefault();
  }

  private moveCursor(cell: Cell | null): void {
    this.cursor = cell?.key ?? null;
    if (cell) this.events.speak(cell);
    this.draw();
  }

  private neighbour(from: Cell | undefined, dx: number, dy: number): Cell | null {
    const leaves = this.shown.map(({ cell }) => cell).filter((cell) => cell.role !== "folder" && cell.rect.w > 6);
    if (!from) return leaves[0] ?? null;
    const [x, y] = centre(from.rect);
    let best: Cell | null = null;
    let least = Infinity;
    for (const cell of leaves) {
      const [cx, cy] = centre(cell.rect);
      const ahead = (cx - x) * dx + (cy - y) * dy;
      const aside = Math.abs((cx - x) * dy) + Math.abs((cy - y) * dx);
      if (cell.key === from.key || ahead <= 1) continue;
      const far = ahead + 2.5 * aside;
      if (far < least) [best, least] = [cell, far];
    }
    return best ?? from;
  }
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function kindOf(cell: Cell): FileKind {
  const kind = cell.piece.kind === "folder" ? (cell.piece.mostly ?? "other") : cell.piece.kind;
  return kind === "link" || kind === "special" ? "other" : kind;
}

function inside({ x, y, w, h }: Rect, px: number, py: number): boolean {
  return px >= x && px < x + w && py >= y && py < y + h;
}

const centre = ({ x, y, w, h }: Rect): [number, number] => [x + w / 2, y + h / 2];

/** Say where `inner` is in `outer`, in parts of it. */
function within(inner: Rect, outer: Rect): Rect {
  const [w, h] = [outer.w || 1, outer.h || 1];
  return { x: (inner.x - outer.x) / w, y: (inner.y - outer.y) / h, w: inner.w / w, h: inner.h / h };
}

/** The inverse of `within`. */
function outOf(part: Rect, outer: Rect): Rect {
  return { x: outer.x + part.x * outer.w, y: outer.y + part.y * outer.h, w: part.w * outer.w, h: part.h * outer.h };
}

/** Whether a cell should glide from one place to another; one that leaps across others fades in where it belongs. */
function near(from: Rect, to: Rect): boolean {
  const [ax, ay] = centre(from);
  const [bx, by] = centre(to);
  return Math.abs(ax - bx) < Math.max(from.w, to.w) * 0.9 && Math.abs(ay - by) < Math.max(from.h, to.h) * 0.9;
}

function approach(shown: Shown, part: number, whole: Rect): boolean {
  const { at, goal, parent } = shown;
  const outer = parent?.now ?? whole;
  let far = 0;
  for (const side of ["x", "y", "w", "h"] as const) {
    const way = goal[side] - at[side];
    const pixels = Math.abs(way) * (side === "x" || side === "w" ? outer.w : outer.h);
    far = Math.max(far, pixels);
    at[side] = pixels < 0.3 ? goal[side] : at[side] + way * part;
  }
  shown.now = outOf(at, outer);
  shown.alpha = Math.min(1, shown.alpha + part);
  return far >= 0.3 || shown.alpha < 0.99;
}
