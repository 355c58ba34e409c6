import { invoke } from "@tauri-apps/api/core";

/** Add to the counter and return its new value. The permission `{{name}}:allow-add` is needed. */
export async function add(amount = 1): Promise<number> {
  return await invoke<number>("plugin:{{name}}|add", { amount });
}

/** Set the counter to 0. The permission `{{name}}:allow-reset` is needed. */
export async function reset(): Promise<void> {
  await invoke("plugin:{{name}}|reset");
}
