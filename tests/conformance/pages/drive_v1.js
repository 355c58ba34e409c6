// Uses the page of a project of Tauri 1 as a user would, and reports what is there then. Evaluated by the application.
(async () => {
  const { invoke, path, event, window: windows } = window.__TAURI__;
  const until = async (look) => {
    while (!look()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const text = (selector) => document.querySelector(selector).textContent;
  const report = (name, detail) => invoke('report', { name, ok: true, detail: String(detail) });
  await until(() => text('#version'));
  await report('version', text('#version'));
  document.querySelector('#greet-input').value = 'World';
  document.querySelector('#greet-form').requestSubmit();
  await until(() => text('#greet-msg'));
  await report('greeting', text('#greet-msg'));
  await event.emit('ready');
  await until(() => document.body.dataset.ready);
  await report('event', document.body.dataset.ready);
  await report('not in the allowlist', await path.join('a', 'b').catch((reason) => reason));
  await report('window', windows.appWindow.label);
  await invoke('finished');
})().catch((error) => window.__TAURI__.invoke('report', { name: 'failed', ok: false, detail: String(error) }));
