// The check mode: drives the page as a person would and reports what it sees.

import { Channel, invoke } from "@tauri-apps/api/core";
import { listen, type Event } from "@tauri-apps/api/event";
import { getCurrentWebviewWindow } from "@tauri-apps/api/webviewWindow";

import { asAtlasError, cancellable, CHANGED, DETAILS, preview, type Changed, type FileDetails, type Mode, type ScanInfo } from "./api";
import { byId } from "./element";
import type { Atlas } from "./main";

interface Plan {
  folder: string;
  files: number;
  left: string[];
}

interface Task {
  name: string;
  state: string;
  sent: number;
}

type Check = (atlas: Atlas, plan: Plan) => Promise<string>;

/** Milliseconds that one check may take. */
const LIMIT = 30_000;

// Add here to add a check; its name is also in CHECKS of commands_check.py, which gives the order.
const CHECKS: Record<string, Check> = {
  start,
  invoke: roundTrip,
  "typed error": typedError,
  "channel order and count": channelOrder,
  cancel,
  "raw bytes": rawBytes,
  event,
  "second window": secondWindow,
  reload,
};

/** Do what is left to check, report each result, and end the application. */
export async function runChecks(atlas: Atlas): Promise<void> {
  const plan = await invoke<Plan>("check_plan");
  for (const name of plan.left) {
    const check = CHECKS[name];
    const [ok, detail] = check
      ? await Promise.race([settled(check(atlas, plan)), after(LIMIT)])
      : [false, "the page does not know this check"];
    await invoke("check_report", { name, ok, detail });
  }
  await invoke("check_finish");
}

async function settled(check: Promise<string>): Promise<[boolean, string]> {
  try {
    return [true, await check];
  } catch (error) {
    return [false, error instanceof Error ? error.message : JSON.stringify(error)];
  }
}

function after(milliseconds: number): Promise<[boolean, string]> {
  return new Promise((resolve) => {
    setTimeout(() => resolve([false, `no end after ${milliseconds / 1000} s`]), milliseconds);
  });
}

function expect(truth: boolean, otherwise: string): asserts truth {
  if (!truth) throw new Error(otherwise);
}

const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Look again and again until there is something to see. The limit of the whole check ends it. */
async function until<T>(look: () => Promise<T | null | undefined | false> | T | null | undefined | false): Promise<T> {
  const end = performance.now() + LIMIT;
  while (performance.now() < end) {
    const seen = await look();
    if (seen) return seen;
    await rest(25);
  }
  throw new Error("it was never seen");
}

const scans = () => invoke<ScanInfo[]>("check_scans");

function scanByHand(folder: string): void {
  byId<HTMLInputElement>("folder").value = folder;
  byId<HTMLButtonElement>("scan").click();
}

function nodeOf(atlas: Atlas, name: string): { scanId: number; nodeId: number } {
  const top = atlas.scans.active?.top;
  const piece = top?.tree.children?.find((child) => child.name === name);
  expect(top != null && piece !== undefined, `the scan did not find ${name}`);
  return { scanId: top.scanId, nodeId: piece.id };
}

async function start(): Promise<string> {
  const { label } = getCurrentWebviewWindow();
  expect(label === "main", `the window is called ${label}, not main`);
  expect(byId("treemap").clientWidth > 100, "the map has no width");
  return `window ${label}, ${innerWidth} x ${innerHeight}`;
}

async function roundTrip(atlas: Atlas, plan: Plan): Promise<string> {
  const { check } = await invoke<Mode>("mode");
  expect(check, "the mode is not the check mode");
  scanByHand(plan.folder);
  const scan = await until(() => atlas.scans.active?.info.state === "finished" && atlas.scans.active);
  expect(scan.info.files === plan.files, `${scan.info.files} files found, ${plan.files} are there`);
  await until(() => byId("list").querySelectorAll("tbody tr").length > 2);
  return `${scan.info.files} files scanned`;
}

async function typedError(atlas: Atlas): Promise<string> {
  const { scanId, nodeId } = nodeOf(atlas, "vanishing.txt");
  await atlas.select(scanId, nodeId);
  await invoke("check_remove", { name: "vanishing.txt" });
  const answer: unknown = await preview(scanId, nodeId).catch((error: unknown) => error);
  const kind = asAtlasError(answer)?.kind;
  // A watcher that is quick takes the file out of the index first.
  expect(kind === "unreadable" || kind === "gone", `got ${JSON.stringify(answer)}`);
  const unknown: unknown = await preview(999_999, 0).catch((error: unknown) => error);
  expect(asAtlasError(unknown)?.kind === "unknownScan", `got ${JSON.stringify(unknown)}`);
  await until(() => byId("inspector").querySelector(".problem") ?? refreshInspector(atlas, scanId, nodeId));
  return JSON.stringify(answer);
}

async function refreshInspector(atlas: Atlas, scanId: number, nodeId: number): Promise<null> {
  const shown = atlas.inspector.shown;
  if (shown?.scanId === scanId && shown.nodeId === nodeId) atlas.inspector.show(shown);
  await rest(200);
  return null;
}

async function channelOrder(): Promise<string> {
  const count = 20_000;
  const numbers: number[] = [];
  const onEvent = new Channel<{ number: number }>(({ number }) => numbers.push(number));
  const began = performance.now();
  const sent = await invoke<number>("check_count", { name: "count", count, batch: count, pause: 0, onEvent });
  expect(sent === count, `${sent} messages were sent`);
  await until(() => numbers.length >= count);
  const wrong = numbers.findIndex((number, position) => number !== position);
  expect(wrong < 0, `message ${numbers[wrong]} came at place ${wrong}`);
  expect(numbers.length === count, `${numbers.length} messages came`);
  return `${count} messages in order in ${Math.round(performance.now() - began)} ms`;
}

async function cancel(atlas: Atlas, plan: Plan): Promise<string> {
  const opened: number[] = [];
  try {
    await invoke("check_pace", { work: 0, rest: 0.02 });
    opened.push(await scanSlowly(atlas, `${plan.folder}/many`), await scanSlowly(atlas, `${plan.folder}/many`));
    return await cancelFirst(atlas, opened);
  } finally {
    await invoke("check_pace", { work: 0.08, rest: 0 });
    for (const scanId of opened) await atlas.scans.close(scanId);
  }
}

async function cancelFirst(atlas: Atlas, [first = 0, second = 0]: number[]): Promise<string> {
  atlas.scans.show(first);
  byId<HTMLButtonElement>("scan").click();
  const ended = await until(async () => (await scans()).find(({ scanId, state }) => scanId === first && state === "cancelled"));
  await until(() => atlas.scans.get(first)?.info.state === "cancelled");
  await rest(200);
  const later = new Map((await scans()).map((scan) => [scan.scanId, scan]));
  const went = later.get(first)?.folders;
  expect(went === ended.folders, `the scan went on from ${ended.folders} to ${went} folders`);
  expect(later.get(second)?.state === "running", "the other scan was stopped as well");
  return `stopped at ${ended.folders} folders, the scan beside it went on`;
}

async function scanSlowly(atlas: Atlas, folder: string): Promise<number> {
  const before = atlas.scans.active?.info.scanId;
  // Not through the button: while a scan runs it cancels.
  void atlas.scans.start(folder);
  const scan = await until(() => {
    const active = atlas.scans.active;
    return active && active.info.scanId !== before && active.info.folders > 0 && active;
  });
  expect(scan.info.state === "running", `the scan was ${scan.info.state} before it could be cancelled`);
  return scan.info.scanId;
}

async function rawBytes(): Promise<string> {
  const size = 1 << 20;
  const down = await invoke<ArrayBuffer>("check_bytes", { seed: 7, size });
  expect(down instanceof ArrayBuffer, `the bytes came as ${Object.prototype.toString.call(down)}`);
  expect(down.byteLength === size + 4, `${down.byteLength} bytes came, not ${size + 4}`);
  const body = new Uint8Array(down, 0, size);
  const sum = new DataView(down).getUint32(size);
  expect(crc32(body) === sum, "the checksum of the bytes is wrong");
  const up = await invoke<ArrayBuffer>("check_echo", body.slice());
  expect(up.byteLength === size && crc32(new Uint8Array(up)) === sum, "the bytes came back changed");
  return "1 MiB down and up, checksums equal";
}

function crc32(data: Uint8Array): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

async function event(atlas: Atlas): Promise<string> {
  const { scanId } = nodeOf(atlas, "steady.txt");
  const standing = await until(async () => (await scans()).find((scan) => scan.scanId === scanId && (scan.watching || scan.notWatching)));
  expect(standing.watching, `the folder is not watched: ${standing.notWatching}`);
  const seen: Event<Changed>[] = [];
  const unlisten = await listen<Changed>(CHANGED, (told) => seen.push(told));
  await invoke("check_touch", { name: "grown.bin", size: 1 << 20 });
  await until(() => seen.find(({ payload }) => payload.scan.scanId === scanId && payload.rows > 0));
  await until(() => atlas.scans.active?.top?.tree.children?.find(({ name, size }) => name === "grown.bin" && size === 1 << 20));
  unlisten();
  return "a file written on the disk appeared on the page";
}

async function secondWindow(atlas: Atlas): Promise<string> {
  const heard: unknown[] = [];
  const unlisten = await getCurrentWebviewWindow().listen<FileDetails>(DETAILS, ({ payload }) => heard.push(payload));
  const steady = nodeOf(atlas, "steady.txt");
  await atlas.select(steady.scanId, steady.nodeId);
  (await until(() => byId("inspector").querySelector<HTMLButtonElement>(".open-details"))).click();
  const seen = () => invoke<string[]>("check_details_seen");
  await until(async () => (await seen()).some((line) => line.endsWith(" steady.txt")));
  const grown = nodeOf(atlas, "grown.bin");
  await atlas.select(grown.scanId, grown.nodeId);
  await until(async () => (await seen()).includes("event grown.bin"));
  expect(heard.length === 0, "the main window heard what was emitted to the other one");
  unlisten();
  return (await seen()).join(", ");
}

async function reload(atlas: Atlas): Promise<string> {
  const task = (await invoke<Task[]>("check_tasks")).find(({ name }) => name === "stream");
  if (!task) return reloadInTheMiddle();
  await until(async () => (await invoke<Task[]>("check_tasks")).some(({ name, state }) => name === "stream" && state === "cancelled"));
  expect(atlas.scans.active?.view != null, "the scan was lost");
  const numbers: number[] = [];
  const onEvent = new Channel<{ number: number }>(({ number }) => numbers.push(number));
  await invoke("check_count", { name: "again", count: 500, batch: 500, pause: 0, onEvent });
  await until(() => numbers.length === 500);
  const control = new AbortController();
  let came = 0;
  const endless = { name: "aborted", count: 1e6, batch: 1, pause: 0.01, onEvent: new Channel(() => (came += 1)) };
  const waiting = cancellable("check_count", endless, control.signal);
  await until(() => came > 10);
  control.abort();
  const rejected = await waiting.then(() => false, () => true);
  expect(rejected, "an aborted call after the reload did not reject");
  return `the page came back, its stream ended after ${task.sent} messages`;
}

async function reloadInTheMiddle(): Promise<string> {
  let came = 0;
  const onEvent = new Channel<{ number: number }>(() => (came += 1));
  void invoke("check_count", { name: "stream", count: 1_000_000, batch: 100, pause: 0.01, onEvent });
  await until(() => came > 300);
  location.reload();
  await rest(LIMIT);
  throw new Error("the page did not reload");
}
