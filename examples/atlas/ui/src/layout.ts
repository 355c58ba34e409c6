// From a tree of sizes to the cells that are drawn.

import type { Piece } from "./api";
import { squarify, type Rect } from "./squarify";

export interface Cell {
  key: string;
  parent: Cell | null;
  piece: Piece;
  /** `rest` stands for the children of `piece` that are too small to be drawn one by one. */
  role: "folder" | "leaf" | "rest";
  depth: number;
  rect: Rect;
  /** Height of the strip that holds the name of an open folder; 0 when there is no room for one. */
  strip: number;
}

const STRIP = 19;
const INSET = 3;
const SMALLEST = 10;
/** How much larger a piece has to be than the one before it to take its place while the sizes still grow. */
const STUBBORN = 1.4;

interface Part {
  key: string;
  piece: Piece;
  size: number;
  role: "rest" | "piece";
}

/** Lays out a tree, and keeps the order of what grows, so that a map that is still being read does not leap about. */
export class Layout {
  private ranks = new Map<string, number>();

  /** Lay out the children of `root` in an area of `width` by `height` pixels; `growing` keeps earlier orders. */
  cells(root: Piece, width: number, height: number, growing: boolean): Cell[] {
    const cells: Cell[] = [];
    const before = this.ranks;
    this.ranks = new Map();
    const ordered = (parts: Part[]) => {
      const sorted = growing ? stubborn(parts, before) : parts.sort((a, b) => b.size - a.size);
      sorted.forEach(({ key }, rank) => this.ranks.set(key, rank));
      return sorted;
    };
    place(root, { x: 0, y: 0, w: width, h: height }, null, cells, ordered);
    return cells;
  }
}

type Ordered = (parts: Part[]) => Part[];

function stubborn(parts: Part[], ranks: Map<string, number>): Part[] {
  const known = parts.filter(({ key }) => ranks.has(key)).sort((a, b) => (ranks.get(a.key) ?? 0) - (ranks.get(b.key) ?? 0));
  const sorted: Part[] = [];
  for (const part of known) insert(sorted, part, STUBBORN);
  for (const part of parts) if (!ranks.has(part.key)) insert(sorted, part, 1);
  return sorted;
}

function insert(sorted: Part[], part: Part, factor: number): void {
  let at = sorted.length;
  while (at > 0 && part.size > (sorted[at - 1]?.size ?? 0) * factor) at -= 1;
  sorted.splice(at, 0, part);
}

function place(folder: Piece, area: Rect, parent: Cell | null, cells: Cell[], ordered: Ordered): void {
  const parts: Part[] = (folder.children ?? [])
    .filter((child) => child.size > 0)
    .map((piece) => ({ key: String(piece.id), piece, size: piece.size, role: "piece" }));
  if (folder.restSize) parts.push({ key: `rest-${folder.id}`, piece: folder, size: folder.restSize, role: "rest" });
  const sorted = ordered(parts);
  const rects = squarify(sorted.map(({ size }) => size), area);
  sorted.forEach((part, position) => {
    const rect = rects[position];
    if (!rect || rect.w < 1 || rect.h < 1) return;
    if (part.role === "piece") placeChild(part.piece, rect, parent, cells, ordered);
    else cells.push({ ...part, role: "rest", parent, depth: depthBelow(parent), rect, strip: 0 });
  });
}

const depthBelow = (parent: Cell | null): number => (parent ? parent.depth + 1 : 0);

function placeChild(child: Piece, rect: Rect, parent: Cell | null, cells: Cell[], ordered: Ordered): void {
  const strip = rect.w > 44 && rect.h > 40 ? STRIP : 0;
  const inner = {
    x: rect.x + INSET,
    y: rect.y + (strip || INSET),
    w: rect.w - 2 * INSET,
    h: rect.h - (strip || INSET) - INSET,
  };
  const open = (child.children?.length ?? 0) > 0 && inner.w > SMALLEST && inner.h > SMALLEST;
  const role = open ? "folder" : "leaf";
  const cell: Cell = { key: String(child.id), parent, piece: child, role, depth: depthBelow(parent), rect, strip };
  cells.push(cell);
  if (open) place(child, inner, cell, cells, ordered);
}
