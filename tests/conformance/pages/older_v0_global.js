// The package until 0.7: its functions are those of `window.tauri`, and wait until it is there.
import tauri from 'tauri-api/api/index.js';
import { emit, listen } from 'tauri-api/api/event.js';

import table from '../older_checks.json';
import { equal, ok, rejected } from './expect.js';
import { runChecks } from './older/report.js';

const checks = {
  async 'the package calls the functions of the global'() {
    equal(await tauri.promisified({ cmd: 'greet', name: 'W' }), "Hello, W! You've been greeted from Python!");
    equal(typeof (await rejected(tauri.readTextFile('a.txt'))), 'string');
    tauri.invoke({ cmd: 'note', key: 'global', entry: 'yes' });
    equal(await tauri.promisified({ cmd: 'read_journal', key: 'global', count: 1 }), ['yes']);
  },
  async 'the functions of 0.1 alone are there, and what nobody handles rejects by name'() {
    for (const [cmd, args] of Object.entries({ bridge: ['sum', { a: 1 }], listFiles: ['/'], listDirs: ['/'] }))
      ok((await rejected(window.tauri[cmd](...args))).includes(`command ${cmd} not found`), cmd);
  },
  async 'the package hears events'() {
    const heard = [];
    listen('old', ({ type, payload }) => heard.push([type, payload]));
    await tauri.promisified({ cmd: 'echo_on_loop' });
    emit('old', 'x');
    await tauri.promisified({ cmd: 'echo_on_loop' });
    equal(heard, [['old', 'x']]);
  },
};

runChecks(table['0.x global'], checks, (cmd, args) => tauri.promisified({ cmd, ...args }));
