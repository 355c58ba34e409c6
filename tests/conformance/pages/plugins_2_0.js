// The guest packages of 2.0.0 whose calls have changed since, in an application that says so (`init(guest="2.0")`).
import { invoke } from '@tauri-apps/api/core';
import * as path from '@tauri-apps/api/path';
import * as fs from 'tauri-plugin-fs-2.0';
import { fetch } from 'tauri-plugin-http-2.0';
import { exit, relaunch } from 'tauri-plugin-process-2.0';
import { createStore } from 'tauri-plugin-store-2.0';
import { check } from 'tauri-plugin-updater-2.0';
import * as upload from 'tauri-plugin-upload-2.0';

import { collector, equal, ok, rejectedWith } from './expect.js';
import { run } from './plugins/run.js';
import { updated } from './plugins/system.js';

const baseDir = fs.BaseDirectory.AppData;
const here = { baseDir };

const checks = {
  'fs 2.0: texts and lines': async () => {
    await fs.writeTextFile('2.txt', 'one\ntwö\n', here);
    await fs.writeTextFile('2.txt', 'three', { ...here, append: true });
    equal(await fs.readTextFile('2.txt', here), 'one\ntwö\nthree');
    const lines = [];
    for await (const line of await fs.readTextFileLines('2.txt', here)) lines.push(line);
    equal(lines, ['one', 'twö', 'three']);
    await rejectedWith(fs.readTextFile('/etc/passwd'), 'forbidden path: /etc/passwd');
    await rejectedWith(fs.readTextFile('nothing', here), 'No such file or directory (os error 2)');
  },
  'fs 2.0: bytes and folders': async () => {
    const bytes = new Uint8Array(200_000).map((_, index) => index * 7);
    await fs.writeFile('2.bin', bytes, here);
    equal(await fs.readFile('2.bin', here), bytes);
    await fs.mkdir('two/deep', { ...here, recursive: true });
    await fs.copyFile('2.txt', 'two/copy.txt', { fromPathBaseDir: baseDir, toPathBaseDir: baseDir });
    await fs.rename('two/copy.txt', 'two/moved.txt', { oldPathBaseDir: baseDir, newPathBaseDir: baseDir });
    equal((await fs.readDir('two', here)).map(({ name }) => name).sort(), ['deep', 'moved.txt']);
    const info = await fs.stat('two/moved.txt', here);
    equal([info.isFile, info.size, (await fs.lstat('two', here)).isDirectory], [true, 14, true]);
    await fs.truncate('two/moved.txt', 3, here);
    equal([await fs.readTextFile('two/moved.txt', here), await fs.exists('two/copy.txt', here)], ['one', false]);
    await fs.remove('two', { ...here, recursive: true });
    equal(await fs.exists('two', here), false);
  },
  'fs 2.0: open files': async () => {
    const file = await fs.open('open2.txt', { ...here, read: true, write: true, create: true, truncate: true });
    equal(await file.write(new TextEncoder().encode('Hello world')), 11);
    equal([await file.seek(6, fs.SeekMode.Start), (await file.stat()).size], [6, 11]);
    const buffer = new Uint8Array(10);
    equal([await file.read(buffer), new TextDecoder().decode(buffer.subarray(0, 5)), await file.read(buffer)], [5, 'world', null]);
    await file.truncate(5);
    await file.close();
    equal(await fs.readTextFile('open2.txt', here), 'Hello');
    const made = await fs.create('made2.txt', here);
    await made.write(new Uint8Array([65]));
    await made.close();
    equal(await fs.readTextFile('made2.txt', here), 'A');
  },
  'fs 2.0: changes': async () => {
    await fs.mkdir('watched', { ...here, recursive: true });
    for (const watch of [fs.watchImmediate, (paths, callback, options) => fs.watch(paths, callback, { ...options, delayMs: 100 })]) {
      const { add, all } = collector(1, 'changes');
      const unwatch = await watch('watched', add, { ...here, recursive: true });
      await fs.writeTextFile('watched/f.txt', 'x', here);
      equal((await all())[0].paths, [await path.join(await path.appDataDir(), 'watched/f.txt')]);
      unwatch();
      await fs.remove('watched/f.txt', here);
    }
  },
  'store 2.0: values': async () => {
    const store = await createStore('two.json', { autoSave: false });
    const { add, all } = collector(1, 'changes');
    await store.onKeyChange('a', add);
    await store.set('a', { b: 1 });
    equal([await all(), await store.get('a'), await store.has('a'), await store.length()], [[{ b: 1 }], { b: 1 }, true, 1]);
    await store.save();
    equal(JSON.parse(await fs.readTextFile('two.json', here)), { a: { b: 1 } });
    await store.set('a', 2);
    await store.load();
    equal(await store.get('a'), { b: 1 });
    equal([await store.keys(), await store.values(), await store.entries()], [['a'], [{ b: 1 }], [['a', { b: 1 }]]]);
    equal([await store.delete('a'), await store.delete('a')], [true, false]);
    await store.clear();
    await store.reset();
    await store.close();
    await rejectedWith(store.get('a'), 'The resource id');
  },
  'http 2.0: requests and their bodies': async () => {
    const { http } = await invoke('outside');
    const body = new Uint8Array(300_000).map((_, index) => index * 7);
    const response = await fetch(`${http}/ok/echo`, { method: 'PUT', headers: { 'X-Mine': 'yes' }, body });
    const read = new Uint8Array(await response.arrayBuffer());
    ok(response.status === 200 && read.length === body.length && read.every((byte, index) => byte === body[index]), 'the body');
    const [method, where, headers] = (await invoke('outside')).asked;
    equal([method, where, headers['x-mine']], ['PUT', '/ok/echo', 'yes']);
    await rejectedWith(fetch(`${http}/hello`), 'url not allowed on the configured scope');
    const aborting = new AbortController();
    const waiting = fetch(`${http}/ok/stall`, { signal: aborting.signal });
    await fetch(`${http}/ok/hello`);
    aborting.abort();
    await rejectedWith(waiting, 'Request canceled');
  },
  'upload 2.0: files there and back': async () => {
    const { http } = await invoke('outside');
    await fs.writeTextFile('sent2.txt', 'content', here);
    const folder = await path.appDataDir();
    const told = [];
    equal(await upload.upload(`${http}/echo`, `${folder}/sent2.txt`, ({ total }) => told.push(total)), 'content');
    equal([(await invoke('outside')).asked[3], told.at(-1)], ['content', 7]);
    await upload.download(`${http}/hello`, `${folder}/got2.txt`);
    equal(await fs.readTextFile('got2.txt', here), 'hello');
    await rejectedWith(upload.download(`${http}/missing`, `${folder}/none2.txt`), '404');
    equal(await fs.exists('none2.txt', here), false);
  },
  'updater 2.0: a signed package': () => updated(check),
};

run(checks, { exit, relaunch });
