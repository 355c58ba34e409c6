// The window of details: shows the file that is selected in the main window.

import { getCurrentWebviewWindow } from "@tauri-apps/api/webviewWindow";

import { DETAILS, details, mode, type FileDetails } from "./api";
import { byId } from "./element";
import { Inspector } from "./inspector";

export type Told = (details: FileDetails | null, how: "load" | "event") => void;

async function begin(): Promise<void> {
  const inspector = new Inspector(byId("inspector"), { own: false, empty: "Select a file in the main window." });
  const { check } = await mode();
  const tell: Told = check ? (await import("./check-details")).tell : () => undefined;
  let told = false;
  const show: Told = (shown, how) => {
    inspector.show(shown);
    document.title = shown ? `${shown.name} – Atlas` : "Details";
    tell(shown, how);
  };
  await getCurrentWebviewWindow().listen<FileDetails | null>(DETAILS, ({ payload }) => {
    told = true;
    show(payload, "event");
  });
  // What was selected before this page listened comes by asking, unless something newer has come meanwhile.
  const first = await details();
  if (!told) show(first, "load");
}

void begin();
