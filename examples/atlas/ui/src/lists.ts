// Rows of files, in tables that can be sorted.

import type { FileOrder, FileRow, Kind, Piece, View } from "./api";
import { element } from "./element";
import { bytes, count, counted, day } from "./format";
import { KIND_NAMES } from "./kinds";

export interface Order {
  by: FileOrder;
  descending: boolean;
}

interface Row {
  nodeId: number;
  name: string;
  folder: string;
  kind: Kind;
  size: number;
  modified: number;
}

export interface RowEvents {
  choose(nodeId: number, isFolder: boolean): void;
  sort(order: Order): void;
}

type Column = [FileOrder, string];

const CONTENTS: Column[] = [["kind", ""], ["name", "Name"], ["modified", "Modified"], ["size", "Size"]];
const LARGEST: Column[] = [["kind", ""], ["name", "Name"], ["folder", "Folder"], ["modified", "Modified"], ["size", "Size"]];

/** The files and folders directly in the folder shown. */
export function contentsTable(view: View, order: Order, events: RowEvents): Node[] {
  const rows = (view.tree.children ?? []).map((piece) => pieceRow(piece)).sort(comparing(order));
  const rest = view.tree.restFiles ?? 0;
  if (rows.length === 0) return [element("p", { class: "quiet centred" }, "This folder is empty.")];
  const made = table(CONTENTS, rows, order, events);
  if (rest === 0) return [made];
  const note = `and ${counted(rest, "smaller one")} (${bytes(view.tree.restSize ?? 0)})`;
  return [made, element("p", { class: "quiet" }, note)];
}

/** The largest files of the folder shown and all folders below it, sorted by the Python side. */
export function largestTable(rows: FileRow[], order: Order, events: RowEvents): Node[] {
  if (rows.length === 0) return [element("p", { class: "quiet centred" }, "No files here.")];
  return [table(LARGEST, rows, order, events)];
}

function pieceRow(piece: Piece): Row {
  return { ...piece, nodeId: piece.id, folder: "" };
}

function comparing({ by, descending }: Order): (a: Row, b: Row) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const [x, y] = [a[by], b[by]];
    return sign * (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y)));
  };
}

function table(columns: Column[], rows: Row[], order: Order, events: RowEvents): HTMLElement {
  const most = Math.max(1, ...rows.map((row) => row.size));
  const made = element("table", { class: columns === LARGEST ? "wide" : "" }, element("thead", {}, heading(columns, order, events)));
  const body = element("tbody");
  for (const row of rows) body.append(line(columns, row, most));
  body.addEventListener("click", (event) => {
    const found = (event.target as Element).closest("tr");
    if (found) events.choose(Number(found.dataset["node"]), found.dataset["folder"] === "true");
  });
  made.append(body);
  return made;
}

function heading(columns: Column[], order: Order, events: RowEvents): HTMLElement {
  const row = element("tr");
  for (const [by, title] of columns) {
    const current = order.by === by;
    const sort = current ? (order.descending ? "descending" : "ascending") : "none";
    const button = element("button", { type: "button", aria: title ? {} : { label: "Kind" } }, title);
    button.addEventListener("click", () => {
      events.sort({ by, descending: current ? !order.descending : by === "size" || by === "modified" });
    });
    row.append(element("th", { class: by, scope: "col", aria: { sort } }, button));
  }
  return row;
}

function line(columns: Column[], row: Row, most: number): HTMLElement {
  const folder = String(row.kind === "folder");
  const made = element("tr", { data: { node: String(row.nodeId), folder }, css: { "--share": `${(100 * row.size) / most}%` } });
  for (const [by] of columns) made.append(element("td", { class: by }, ...cell(by, row)));
  return made;
}

function cell(by: FileOrder, row: Row): (Node | string)[] {
  switch (by) {
    case "kind":
      return [element("i", { class: "dot", data: { kind: row.kind }, title: KIND_NAMES[row.kind] })];
    case "name":
      return [element("button", { type: "button", title: row.name }, element("bdi", {}, row.name))];
    case "folder":
      return [element("bdi", { title: row.folder }, row.folder)];
    case "modified":
      return [day(row.modified)];
    case "size":
      return [element("span", { title: `${count(row.size)} bytes` }, bytes(row.size))];
  }
}
