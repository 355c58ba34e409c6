// Uses the guest packages of the official plugins as an application does, and reports each check through a command.
import { getBundleType, getIdentifier, getName, getTauriVersion, getVersion, supportsMultipleWindows } from '@tauri-apps/api/app';
import { invoke } from '@tauri-apps/api/core';
import * as path from '@tauri-apps/api/path';
import * as dialog from '@tauri-apps/plugin-dialog';
import * as fs from '@tauri-apps/plugin-fs';
import { fetch } from '@tauri-apps/plugin-http';
import * as log from '@tauri-apps/plugin-log';
import * as process from '@tauri-apps/plugin-process';
import * as shell from '@tauri-apps/plugin-shell';
import { getStore, LazyStore, load } from '@tauri-apps/plugin-store';
import { check } from '@tauri-apps/plugin-updater';
import * as upload from '@tauri-apps/plugin-upload';
import WebSocket from '@tauri-apps/plugin-websocket';
import * as dialog20 from 'tauri-plugin-dialog-2.0';
import * as log20 from 'tauri-plugin-log-2.0';
import * as shell20 from 'tauri-plugin-shell-2.0';
import WebSocket20 from 'tauri-plugin-websocket-2.0';

import { collector, equal, ok, rejectedWith, within } from './expect.js';
import { refusals } from './plugins/refusals.js';
import { run } from './plugins/run.js';
import { system, updated } from './plugins/system.js';

const baseDir = fs.BaseDirectory.AppData;
const here = { baseDir };
const inPage = typeof document.createElement('p').append === 'function';

const checks = {
  'app: what an application is': async () => {
    equal([await getName(), await getVersion(), await getIdentifier()], ['Conformance', '0.0.0', 'app.transom.conformance']);
    ok((await getTauriVersion()).startsWith('2.'), 'a version of Tauri');
    equal([await getBundleType(), await supportsMultipleWindows()], [null, true]);
  },
  'path: folders': async () => {
    for (const name of ['appConfigDir', 'appDataDir', 'appLocalDataDir', 'appCacheDir', 'audioDir', 'cacheDir', 'configDir', 'dataDir', 'desktopDir',
      'documentDir', 'downloadDir', 'executableDir', 'fontDir', 'homeDir', 'localDataDir', 'pictureDir', 'publicDir', 'resourceDir', 'templateDir',
      'videoDir', 'appLogDir', 'tempDir']) {
      const folder = await path[name]();
      ok(await path.isAbsolute(folder), `${name} is ${folder}`);
    }
    equal(await path.appDataDir(), `${await path.dataDir()}/app.transom.conformance`);
    equal(await path.resolveResource('a/b.txt'), `${await path.resourceDir()}/a/b.txt`);
  },
  'path: parts': async () => {
    equal([path.sep(), path.delimiter()], ['/', ':']);
    equal(await path.join('/a', '..', 'b', 'c.txt'), '/b/c.txt');
    equal([await path.dirname('/b/c.txt'), await path.basename('/b/c.txt', '.txt'), await path.extname('/b/c.txt')], ['/b', 'c', 'txt']);
    equal([await path.normalize('/a/../b/'), await path.resolve('/a', '..', 'b'), await path.isAbsolute('a')], ['/b/', '/b', false]);
    await rejectedWith(path.dirname('/'), 'path does not have a parent');
  },
  'fs: folders': async () => {
    await fs.mkdir('', { ...here, recursive: true });
    await fs.mkdir('deep/er', { ...here, recursive: true });
    await fs.writeTextFile('deep/a.txt', 'a', here);
    const found = (await fs.readDir('deep', here)).sort((a, b) => (a.name < b.name ? -1 : 1));
    equal(found, [
      { name: 'a.txt', isDirectory: false, isFile: true, isSymlink: false },
      { name: 'er', isDirectory: true, isFile: false, isSymlink: false },
    ]);
    equal(await fs.size('deep', here), 1);
    await rejectedWith(fs.remove('deep', here), 'failed to remove path', 'os error 39');
    await fs.remove('deep', { ...here, recursive: true });
    equal(await fs.exists('deep', here), false);
  },
  'fs: text files': async () => {
    const text = 'Zoë 🚀\nline two\r\n';
    await fs.writeTextFile('ä b.txt', text, here);
    equal(await fs.readTextFile('ä b.txt', here), text);
    await fs.writeTextFile('ä b.txt', 'end', { ...here, append: true });
    equal(await fs.readTextFile(new URL(`file://${encodeURI(await path.join(await path.appDataDir(), 'ä b.txt'))}`)), `${text}end`);
    const lines = [];
    for await (const line of await fs.readTextFileLines('ä b.txt', here)) lines.push(line);
    equal(lines, ['Zoë 🚀', 'line two', 'end']);
    const utf16 = new Uint8Array([0x61, 0, 0x0a, 0x01, 0x0a, 0, 0x62, 0]);
    await fs.writeFile('16.txt', utf16, here);
    const wide = [];
    for await (const line of await fs.readTextFileLines('16.txt', { ...here, encoding: 'utf-16le' })) wide.push(line);
    equal(wide, ['aĊ', 'b']);
    equal(await fs.readTextFile('16.txt', { ...here, encoding: 'utf-16le' }), 'aĊ\nb');
  },
  'fs: binary files of every size': async () => {
    for (const size of [0, 1, 1000, 200_000, 3_000_000]) {
      const bytes = new Uint8Array(size).map((_, index) => index * 7 + (index >> 9));
      await fs.writeFile('b.bin', bytes, here);
      const read = await fs.readFile('b.bin', here);
      ok(read instanceof Uint8Array && read.length === size, `${read.length} bytes of ${size}`);
      ok(read.every((byte, index) => byte === bytes[index]), `the bytes of ${size}`);
    }
    const stream = new ReadableStream({ start: (to) => (to.enqueue(new Uint8Array([1, 2])), to.enqueue(new Uint8Array([3])), to.close()) });
    await fs.writeFile('s.bin', stream, here);
    equal(await fs.readFile('s.bin', here), new Uint8Array([1, 2, 3]));
  },
  'fs: copies, moves and metadata': async () => {
    await fs.writeTextFile('one', '12345', here);
    await fs.copyFile('one', 'two', { fromPathBaseDir: baseDir, toPathBaseDir: baseDir });
    await fs.rename('two', 'three', { oldPathBaseDir: baseDir, newPathBaseDir: baseDir });
    await fs.truncate('three', 2, here);
    equal([await fs.readTextFile('three', here), await fs.exists('two', here)], ['12', false]);
    const info = await fs.stat('one', here);
    equal([info.isFile, info.isDirectory, info.size, info.readonly, info.fileAttributes], [true, false, 5, false, null]);
    ok(info.mtime instanceof Date && Math.abs(Date.now() - info.mtime) < 120000, `changed at ${info.mtime}`);
    equal((await fs.lstat('one', here)).isSymlink, false);
  },
  'fs: open files': async () => {
    const file = await fs.open('open.txt', { ...here, read: true, write: true, create: true, truncate: true });
    equal(await file.write(new TextEncoder().encode('Hello world')), 11);
    equal([await file.seek(6, fs.SeekMode.Start), await file.seek(2, fs.SeekMode.Current), await file.seek(-2, fs.SeekMode.End)], [6, 8, 9]);
    const buffer = new Uint8Array(10);
    equal([await file.read(buffer), buffer[0], await file.read(buffer)], [2, 108, null]);
    await file.truncate(5);
    equal((await file.stat()).size, 5);
    await file.close();
    await rejectedWith(file.read(buffer), 'The resource id');
    const made = await fs.create('made.txt', here);
    await made.write(new Uint8Array([65]));
    await made.close();
    equal(await fs.readTextFile('made.txt', here), 'A');
  },
  'fs: what is out of scope': async () => {
    await rejectedWith(fs.readTextFile('/etc/passwd'), 'forbidden path: /etc/passwd', 'allow-read-text-file');
    await rejectedWith(fs.readTextFile('../x', here), 'cannot traverse directory');
    await rejectedWith(fs.writeTextFile('/tmp/transom', ''), 'forbidden path');
    await rejectedWith(fs.readTextFile('nothing', here), 'failed to open file at path', 'No such file or directory (os error 2)');
    await fs.startAccessingSecurityScopedResource('/x');
    await fs.stopAccessingSecurityScopedResource('/x');
  },
  'fs: changes': async () => {
    await fs.mkdir('watched', { ...here, recursive: true });
    for (const watch of [fs.watchImmediate, (paths, callback, options) => fs.watch(paths, callback, { ...options, delayMs: 100 })]) {
      const { add, all } = collector(1, 'changes');
      const unwatch = await watch('watched', add, { ...here, recursive: true });
      await fs.writeTextFile('watched/f.txt', 'x', here);
      const [event] = await all();
      equal(event.paths, [await path.join(await path.appDataDir(), 'watched/f.txt')]);
      ok('create' in event.type || 'modify' in event.type, JSON.stringify(event.type));
      unwatch();
      await fs.remove('watched/f.txt', here);
    }
  },
  'store: values': async () => {
    const store = await load('settings.json', { defaults: { theme: 'light' }, autoSave: false });
    const { add, all } = collector(2, 'changes');
    const unlisten = await store.onChange((key, value) => add([key, value]));
    await store.set('n', { deep: [1, null] });
    equal([await store.get('n'), await store.get('theme'), await store.get('none')], [{ deep: [1, null] }, 'light', undefined]);
    equal([await store.has('n'), await store.delete('n'), await store.has('n')], [true, true, false]);
    equal(await all(), [['n', { deep: [1, null] }], ['n', undefined]]);
    unlisten();
    await store.set('theme', 'dark');
    await store.save();
    equal(JSON.parse(await fs.readTextFile('settings.json', here)), { theme: 'dark' });
    equal([await store.keys(), await store.values(), await store.entries(), await store.length()], [['theme'], ['dark'], [['theme', 'dark']], 1]);
    await store.reset();
    equal(await store.get('theme'), 'light');
    await store.reload();
    equal(await store.get('theme'), 'dark');
    equal((await getStore('settings.json')).rid, store.rid);
    await store.clear();
    equal(await store.length(), 0);
    await store.close();
    equal(await getStore('settings.json'), null);
    const lazy = new LazyStore('lazy.json');
    await lazy.set('a', 1);
    equal(await lazy.get('a'), 1);
    const later = collector(1, 'a change of the key');
    await lazy.onKeyChange('b', later.add);
    await lazy.set('b', 2);
    equal(await later.all(), [2]);
  },
  'http: requests and their bodies': async () => {
    const { http } = await invoke('outside');
    const body = new Uint8Array(300_000).map((_, index) => index * 7);
    const response = await fetch(`${http}/ok/echo`, { method: 'PUT', headers: { 'X-Mine': 'yes' }, body });
    const read = new Uint8Array(await response.arrayBuffer());
    ok(response.status === 200 && read.length === body.length && read.every((byte, index) => byte === body[index]), 'the body');
    const [method, where, headers] = (await invoke('outside')).asked;
    equal([method, where, headers['x-mine']], ['PUT', '/ok/echo', 'yes']);
    equal([(await fetch(`${http}/ok/missing`)).status, await (await fetch(`${http}/ok/redirect`)).text()], [404, 'hello']);
    await rejectedWith(fetch(`${http}/hello`), 'url not allowed on the configured scope');
    const aborting = new AbortController();
    const waiting = fetch(`${http}/ok/stall`, { signal: aborting.signal });
    await fetch(`${http}/ok/hello`);
    aborting.abort();
    await rejectedWith(waiting, 'Request cancelled');
  },
  'shell: programs of both versions': async () => {
    for (const { Command } of [shell, shell20]) {
      const args = ['', '', 'some words'];
      const spawned = Command.create('echo', args);
      const { add, all } = collector(3, 'output');
      spawned.stdout.on('data', (line) => add(['out', line]));
      spawned.stderr.on('data', (line) => add(['err', line]));
      spawned.on('close', ({ code, signal }) => add(['end', code, signal]));
      const child = await spawned.spawn();
      await child.write('typed\n');
      equal((await all()).sort((a, b) => (a[0] < b[0] ? -1 : 1)), [['end', 0, null], ['err', 'TYPED\n'], ['out', 'some words\n']]);
      await child.kill();
      const { code, stdout } = await Command.create('echo', args).execute();
      equal([code, stdout], [0, 'some words\n']);
      const raw = await Command.create('echo', args, { encoding: 'raw' }).execute();
      equal([raw.stdout instanceof Uint8Array, new TextDecoder().decode(raw.stdout)], [true, 'some words\n']);
      await rejectedWith(Command.create('echo', ['', '', '$(id)']).execute(), 'failed regex validation');
      await rejectedWith(Command.create('ls').execute(), 'program not allowed on the configured shell scope: ls');
    }
  },
  'upload: files there and back': async () => {
    const { http } = await invoke('outside');
    await fs.writeTextFile('sent.txt', 'content', here);
    const folder = await path.appDataDir();
    const told = [];
    equal(await upload.upload(`${http}/echo`, `${folder}/sent.txt`, ({ progressTotal, total }) => told.push([progressTotal, total])), 'content');
    equal((await invoke('outside')).asked[3], 'content');
    await upload.download(`${http}/hello`, `${folder}/got.txt`);
    equal(await fs.readTextFile('got.txt', here), 'hello');
    equal(told, [[7, 7]]);
    await rejectedWith(upload.download(`${http}/missing`, `${folder}/none.txt`), '404');
    equal(await fs.exists('none.txt', here), false);
  },
  'websocket: messages of both versions': async () => {
    const { socket } = await invoke('outside');
    for (const Socket of [WebSocket, WebSocket20]) {
      const connection = await Socket.connect(socket);
      const { add, all } = collector(2, 'messages');
      connection.addListener(add);
      await connection.send('Zoë');
      await connection.send([1, 2, 255]);
      equal(await all(), [{ type: 'Text', data: 'Zoë' }, { type: 'Binary', data: [1, 2, 255] }]);
      await connection.disconnect();
      await rejectedWith(connection.send('late'), 'connection');
    }
  },
  'log: lines of both versions': async () => {
    for (const [index, { info, warn }] of [log, log20].entries()) {
      await info(`fine ${index}`);
      await warn(`hm ${index}`);
    }
  },
  'updater: a signed package': () => updated(check),
  'dialog: what a page can show': async (where) => {
    if (where !== 'web') return;
    if (!window.pywebview) {
      await rejectedWith(dialog.open(), 'plugin:dialog|open is not supported by the runtime web');
      await rejectedWith(dialog.save(), 'plugin:dialog|save is not supported by the runtime web');
    }
    if (!inPage) return;
    const press = async (label) => {
      for (;;) {
        const found = [...document.querySelectorAll('dialog[open] button')].find((button) => button.textContent === label);
        if (found) return found.click();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const pressing = async (label, asked) => (press(label), asked);
    equal(await pressing('Yes', dialog.ask('<b>Really?</b>', { title: 'T', kind: 'warning' })), true);
    equal(await pressing('No', dialog.ask('Really?')), false);
    equal(await pressing('Cancel', dialog.confirm('Sure?')), false);
    equal(await pressing('Stay', dialog.message('Which?', { buttons: { yes: 'Go', no: 'Stay', cancel: 'Back' } })), 'Stay');
    equal(await pressing('Ok', window.confirm('Own?')), true);
    equal([await pressing('Yes', dialog20.ask('Old?')), await pressing('No', dialog20.ask('Old?', { kind: 'error' }))], [true, false]);
    equal(await pressing('Go', dialog20.confirm('Old?', { okLabel: 'Go', cancelLabel: 'Stay' })), true);
    await pressing('Fine', dialog20.message('Old.', { okLabel: 'Fine' }));
    const asked = dialog.message('Escape', { buttons: 'YesNo' });
    await within((async () => { while (!document.querySelector('dialog[open]')) await new Promise((resolve) => setTimeout(resolve, 10)); })(), 'the dialog');
    document.querySelector('dialog[open]').close();
    equal(await asked, 'Cancel');
    equal(document.querySelectorAll('dialog').length, 0);
  },
};

run({ ...checks, ...system, ...refusals }, process);
