import { invoke } from "@tauri-apps/api/core";

const name = document.querySelector<HTMLInputElement>("#name")!;
const answer = document.querySelector<HTMLOutputElement>("#answer")!;

document.querySelector("form")!.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    answer.value = await invoke<string>("greet", { name: name.value });
  } catch (error) {
    answer.value = String(error);
  }
});
