// As the template of Tauri 1 without a bundler has it: everything comes from the global.
const { invoke } = window.__TAURI__.tauri;
const { listen } = window.__TAURI__.event;

let input;
let message;

async function greet() {
  message.textContent = await invoke('greet', { name: input.value });
}

window.addEventListener('DOMContentLoaded', async () => {
  input = document.querySelector('#greet-input');
  message = document.querySelector('#greet-msg');
  document.querySelector('#greet-form').addEventListener('submit', (event) => {
    event.preventDefault();
    greet();
  });
  await listen('ready', () => (document.body.dataset.ready = 'yes'));
  document.querySelector('#version').textContent = await window.__TAURI__.app.getVersion();
});
