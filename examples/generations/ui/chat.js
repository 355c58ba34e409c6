// The chat, whatever the generation of the client. `say` and `report` call commands, `listen` hears the payloads of an event.
export function chat(name, { call, listen, emit }) {
  const [said, typing, text, form] = ['#said', '#typing', '#text', 'form'].map((selector) => document.querySelector(selector));
  const heard = { said: new Set(), typing: new Set() };

  listen('said', ({ by, text: message }) => {
    const item = said.appendChild(document.createElement('li'));
    item.append(Object.assign(document.createElement('b'), { textContent: by }), message);
    item.scrollIntoView();
    heard.said.add(`${by}: ${message}`);
    tell();
  });
  // From page to page, without a command.
  listen('typing', (by) => {
    typing.textContent = `${by} is typing`;
    heard.typing.add(by);
    tell();
  });
  listen('check', () => {
    emit('typing', name);
    call('say', { text: 'hello' });
    checking = true;
  });

  let checking = false;
  function tell() {
    if (checking && heard.said.size >= 3 && heard.typing.size >= 3) {
      checking = false;
      call('checked', { heard: [...heard.said, ...heard.typing].sort() });
    }
  }

  text.addEventListener('input', () => emit('typing', name));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (text.value) call('say', { text: text.value });
    text.value = '';
  });
  // After the listeners, whose registration was sent before.
  call('ready', {});
}
