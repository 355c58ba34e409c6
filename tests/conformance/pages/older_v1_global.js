// A front end of 1.x without the package: all it has is `window.__TAURI__` of `build.withGlobalTauri`.
import table from '../older_checks.json';
import { equal, ok } from './expect.js';
import { runChecks } from './older/report.js';

const tauri = window.__TAURI__;
const MODULES = ['app', 'cli', 'clipboard', 'dialog', 'event', 'fs', 'globalShortcut', 'http', 'notification', 'os', 'path', 'process', 'shell', 'tauri', 'updater', 'window'];

const checks = {
  'the global has every module of 1.x and no other'() {
    equal(Object.keys(tauri).sort(), [...MODULES, 'convertFileSrc', 'invoke', 'transformCallback'].sort());
  },
  async 'the global calls commands and hears events'() {
    equal(await tauri.invoke('greet', { name: 'World' }), "Hello, World! You've been greeted from Python!");
    equal(await tauri.tauri.invoke('add', { leftSide: 1 }), 2);
    const heard = [];
    const stop = await tauri.event.listen('global', ({ payload }) => heard.push(payload));
    await tauri.event.emit('global', [1]);
    await tauri.invoke('echo');
    equal(heard, [[1]]);
    await stop();
  },
  'the global knows the window'() {
    equal([tauri.window.appWindow.label, tauri.window.getAll().length], ['main', 2]);
    ok(tauri.tauri.convertFileSrc('/a').endsWith('%2Fa'), 'convertFileSrc');
  },
};

runChecks(table['1.x global'], checks, tauri.invoke);
