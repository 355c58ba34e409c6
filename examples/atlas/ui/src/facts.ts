// The line that says what is shown: the way to it, how much it is, how the scan stands.

import { explain, problems, type View } from "./api";
import { byId, element } from "./element";
import { bytes, count, counted, duration } from "./format";
import type { OpenScan } from "./scans";

export function drawCrumbs(view: View | null, open: (nodeId: number) => void): void {
  const list = element("ol");
  for (const [position, crumb] of (view?.crumbs ?? []).entries()) {
    const last = position === (view?.crumbs.length ?? 0) - 1;
    const button = element("button", { type: "button", aria: last ? { current: "page" } : {} }, element("bdi", {}, crumb.name));
    button.addEventListener("click", () => open(crumb.id));
    list.append(element("li", {}, button));
  }
  byId("crumbs").replaceChildren(list);
}

export function drawFacts(scan: OpenScan | null): void {
  const facts = byId("facts");
  const busy = byId("busy");
  busy.hidden = scan?.info.state !== "running";
  if (!scan) {
    facts.replaceChildren();
    return;
  }
  const { info, view } = scan;
  const parts: (Node | string)[] = [element("strong", {}, bytes(view?.tree.size ?? info.size))];
  parts.push(counted(view?.tree.files ?? info.files, "file"), counted(view?.folders ?? info.folders, "folder"));
  if (info.unreadable) parts.push(unreadable(scan));
  parts.push(standing(scan));
  facts.replaceChildren(...parts.map((part) => element("span", {}, part)));
}

function unreadable(scan: OpenScan): HTMLElement {
  const button = element("button", { type: "button", class: "unreadable" }, `${count(scan.info.unreadable)} not read`);
  button.addEventListener("click", () => void listProblems(scan.info.scanId));
  return button;
}

function standing({ info, current }: OpenScan): HTMLElement {
  switch (info.state) {
    case "running":
      return element("span", { class: "current", title: current }, "reading ", element("bdi", {}, current));
    case "cancelled":
      return element("span", { class: "stopped" }, `stopped after ${duration(info.seconds)}`);
    case "failed":
      return element("span", { class: "stopped" }, "the scan failed");
    case "finished":
      if (info.watching) return element("span", { class: "watching", title: "Changes on the disk appear here" }, "live");
      if (info.notWatching) return element("span", { title: `Changes on the disk do not appear: ${info.notWatching}` }, "not live");
      return element("span", {}, `in ${duration(info.seconds)}`);
  }
}

async function listProblems(scanId: number): Promise<void> {
  const rows = await problems(scanId).catch((error: unknown) => explain(error));
  if (typeof rows === "string") {
    notify(rows);
    return;
  }
  const list = element("ul");
  for (const { path, reason } of rows) {
    list.append(element("li", {}, element("bdi", { title: path }, path), element("span", { class: "quiet" }, reason)));
  }
  const note = "Files that went while the scan ran are counted too, without a name.";
  const close = element("button", { type: "button" }, "Close");
  const box = element("dialog", { class: "problems" }, element("h2", {}, "Not read"), list, element("p", { class: "quiet" }, note), close);
  close.addEventListener("click", () => box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

let fading = 0;

/** Tell the person something for a few seconds. */
export function notify(text: string): void {
  const notice = byId("notice");
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(fading);
  fading = window.setTimeout(() => (notice.hidden = true), 6000);
}
