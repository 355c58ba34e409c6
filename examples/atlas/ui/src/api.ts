// The commands of the Python side and the values they exchange.

import { Channel, invoke, type InvokeArgs, type InvokeOptions } from "@tauri-apps/api/core";

export type FileKind =
  | "image" | "video" | "audio" | "document" | "code" | "archive" | "data" | "program" | "other";
export type Kind = FileKind | "folder" | "link" | "special";
export type ScanState = "running" | "finished" | "cancelled" | "failed";
export type FileOrder = "size" | "name" | "folder" | "modified" | "kind";

export interface Piece {
  id: number;
  name: string;
  kind: Kind;
  size: number;
  files: number;
  modified: number;
  mostly?: FileKind;
  problem?: string;
  children?: Piece[];
  restFiles?: number;
  restSize?: number;
}

export interface View {
  scanId: number;
  crumbs: { id: number; name: string }[];
  tree: Piece;
  folders: number;
  kinds: { kind: FileKind; size: number }[];
}

export interface ScanInfo {
  scanId: number;
  folder: string;
  state: ScanState;
  files: number;
  folders: number;
  size: number;
  unreadable: number;
  seconds: number;
  watching: boolean;
  notWatching: string | null;
}

export type ScanEvent =
  | { type: "started"; scan: ScanInfo }
  | { type: "progress"; scan: ScanInfo; current: string }
  | { type: "partial"; view: View }
  | { type: "finished"; scan: ScanInfo; view: View };

export interface FileRow {
  scanId: number;
  nodeId: number;
  name: string;
  folder: string;
  kind: Kind;
  size: number;
  modified: number;
}

export interface Copies {
  digest: string;
  size: number;
  count: number;
  files: FileRow[];
}

export interface DuplicatesSummary {
  type: "finished";
  groups: number;
  copies: number;
  wasted: number;
  unreadable: number;
}

export type DuplicatesEvent =
  | { type: "started"; files: number; size: number }
  | { type: "found"; groups: Copies[]; done: number }
  | DuplicatesSummary;

export interface FileDetails {
  scanId: number;
  nodeId: number;
  name: string;
  path: string;
  kind: Kind;
  size: number;
  onDisk: number;
  modified: number;
  created: number | null;
  mode: string;
  names: number;
  target: string | null;
  problem: string | null;
}

export type Preview =
  | { type: "image"; mime: string; size: number }
  | { type: "text"; text: string; size: number; truncated: boolean }
  | { type: "binary"; hex: string[]; size: number }
  | { type: "none"; reason: string };

export interface Problem {
  nodeId: number;
  path: string;
  reason: string;
}

export interface Changed {
  scan: ScanInfo;
  folders: number[];
  rows: number;
}

export interface Mode {
  check: boolean;
  folder: string;
  auto: boolean;
  scans: ScanInfo[];
}

export const CHANGED = "atlas://changed";
export const DETAILS = "atlas://details";

/** Call a command that an `AbortSignal` can cancel: the task ends in Python, the promise rejects here. */
export function cancellable<T>(command: string, args: InvokeArgs, signal: AbortSignal): Promise<T> {
  // The published type of the options has only headers; the whole object reaches the back end's script.
  return invoke<T>(command, args, { signal } as unknown as InvokeOptions);
}

export const mode = () => invoke<Mode>("mode");

export function scan(folder: string, onEvent: (event: ScanEvent) => void, signal: AbortSignal): Promise<ScanInfo> {
  return cancellable("scan", { folder, onEvent: new Channel<ScanEvent>(onEvent) }, signal);
}

export const scans = () => invoke<ScanInfo[]>("scans");
export const drop = (scanId: number) => invoke<void>("drop", { scanId });

export const tree = (scanId: number, nodeId: number, depth: number) =>
  invoke<View>("tree", { scanId, nodeId, depth });

export const largest = (scanId: number, nodeId: number, limit: number, sort: FileOrder, descending: boolean) =>
  invoke<FileRow[]>("largest", { scanId, nodeId, limit, sort, descending });

export const problems = (scanId: number) => invoke<Problem[]>("problems", { scanId });

export function duplicates(
  scanId: number,
  nodeId: number,
  onEvent: (event: DuplicatesEvent) => void,
  signal: AbortSignal,
): Promise<DuplicatesSummary> {
  return cancellable("duplicates", { scanId, nodeId, onEvent: new Channel<DuplicatesEvent>(onEvent) }, signal);
}

export const select = (scanId: number, nodeId: number) => invoke<FileDetails>("select", { scanId, nodeId });
export const details = () => invoke<FileDetails | null>("details");
export const openDetails = (scanId: number, nodeId: number) => invoke<void>("open_details", { scanId, nodeId });
export const preview = (scanId: number, nodeId: number) => invoke<Preview>("preview", { scanId, nodeId });
export const previewImage = (scanId: number, nodeId: number) =>
  invoke<ArrayBuffer>("preview_image", { scanId, nodeId });

/** The errors that the commands choose to reject with; anything else is a bug on one side or the other. */
export type AtlasError =
  | { kind: "unreadable"; name: string; reason: string }
  | { kind: "notAFolder"; folder: string; reason: string }
  | { kind: "gone"; scanId: number; nodeId: number }
  | { kind: "unknownScan"; scanId: number };

export function asAtlasError(error: unknown): AtlasError | null {
  const kinds = ["unreadable", "notAFolder", "gone", "unknownScan"];
  if (typeof error !== "object" || error === null || !("kind" in error)) return null;
  return kinds.includes(String(error.kind)) ? (error as AtlasError) : null;
}

/** Say what went wrong, to a person. */
export function explain(error: unknown): string {
  const known = asAtlasError(error);
  switch (known?.kind) {
    case "unreadable":
      return `“${known.name}” cannot be read: ${known.reason}.`;
    case "notAFolder":
      return `“${known.folder}” cannot be scanned: ${known.reason}.`;
    case "gone":
      return "This is no longer on the disk.";
    case "unknownScan":
      return "This scan is no longer open.";
    default:
      if (error instanceof Error) return error.message;
      return typeof error === "string" ? error : JSON.stringify(error);
  }
}
