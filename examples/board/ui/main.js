const { invoke } = window.__TAURI__.core;
const { listen } = window.__TAURI__.event;
const find = (id) => document.getElementById(id);
let me;

function show({ by, text }) {
  const note = document.createElement('li');
  const author = document.createElement('small');
  note.textContent = text;
  author.textContent = by;
  note.append(author);
  find('notes').prepend(note);
}

function showPeople(names) {
  find('people').replaceChildren(
    ...names.map((name) => {
      const person = document.createElement('li');
      person.textContent = name;
      person.classList.toggle('me', name === me);
      return person;
    }),
  );
}

find('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = find('text').value.trim();
  if (!text) return;
  find('text').value = '';
  try {
    await invoke('post', { text });
  } catch (error) {
    find('status').textContent = error.message ?? error;
  }
});

// First the listeners: what is posted meanwhile must not be missed.
await listen('posted', ({ payload }) => show(payload));
await listen('people', ({ payload }) => showPeople(payload));
const board = await invoke('open_board');
me = board.me;
find('notes').replaceChildren();
for (const note of board.notes) show(note);
showPeople(board.people);
if (location.search === '?check') (await import('./check.js')).check(me);
