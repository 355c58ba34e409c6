// The npm client on a message system of the application's own: every line that is logged is a part of the test.
import { invoke } from 'tauri-api/core';
import { emit, listen } from 'tauri-api/event';

const told = (reason) => (typeof reason === 'string' ? reason : JSON.stringify(reason));

async function main() {
  await invoke('report', { line: `sum ${await invoke('add', { left: 1, right: 2 })}` });
  await invoke('report', { line: `long ${(await invoke('long')).length}` });
  await invoke('report', { line: `text ${await invoke('echo', { text: "'</script>\u2028\\" })}` });
  await invoke('report', { line: `wrong ${await invoke('add', { left: 1 }).catch(told)}` });
  await invoke('report', { line: `fails ${await invoke('fails').catch(told)}` });
  await invoke('report', { line: `headers ${await invoke('agent', {}, { headers: { agent: 'x' } })}` });
  const heard = new Promise((resolve) => listen('news', ({ payload }) => resolve(payload)).then(() => emit('news', 'an event')));
  await invoke('report', { line: `heard ${await heard}` });
  await invoke('report', { line: 'done' });
}

main().catch((error) => console.error(`message system: ${error && error.stack ? error.stack : told(error)}`));
