// The check mode's ear in the window of details.

import { invoke } from "@tauri-apps/api/core";

import type { Told } from "./details";

export const tell: Told = (shown, how) => {
  void invoke("check_details", { name: shown?.name ?? "", how });
};
