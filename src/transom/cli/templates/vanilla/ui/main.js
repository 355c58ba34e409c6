const { invoke } = window.__TAURI__.core;
const name = document.querySelector('#name');
const answer = document.querySelector('#answer');

document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    answer.value = await invoke('greet', { name: name.value });
  } catch (error) {
    answer.value = error;
  }
});
