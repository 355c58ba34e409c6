// Plugins of the system whose two versions do the same with the same application, each effect seen by somebody else.
import { invoke } from '@tauri-apps/api/core';
import * as path from '@tauri-apps/api/path';
import { getMatches } from '@tauri-apps/plugin-cli';
import * as opener from '@tauri-apps/plugin-opener';
import * as os from '@tauri-apps/plugin-os';
import Database from '@tauri-apps/plugin-sql';
import { Stronghold } from '@tauri-apps/plugin-stronghold';
import { getMatches as getMatches20 } from 'tauri-plugin-cli-2.0';
import * as opener20 from 'tauri-plugin-opener-2.0';
import * as os20 from 'tauri-plugin-os-2.0';
import Database20 from 'tauri-plugin-sql-2.0';
import { Stronghold as Stronghold20 } from 'tauri-plugin-stronghold-2.0';

import { equal, ok, rejectedWith } from '../expect.js';

const inPage = typeof document.createElement('p').append === 'function';

/** Wait until the application finds from outside what `chosen` returns for what it says. */
async function seen(chosen) {
  for (let turn = 0; turn < 500; turn++) {
    if (chosen(await invoke('outside'))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not seen: ${chosen}, in ${JSON.stringify(await invoke('outside'))}`);
}

export const system = {
  'opener: addresses and files of both versions': async () => {
    const { http, runtime } = await invoke('outside');
    const file = await path.join(await path.appDataDir(), 'sub', 'shown file.txt');
    for (const [version, { openPath, openUrl, revealItemInDir }] of Object.entries({ new: opener, old: opener20 })) {
      const address = `${http}/ok/opened?${version}=1`;
      await rejectedWith(openUrl('file:///etc/passwd'), 'Not allowed to open url');
      if (runtime === 'web') {
        if (!inPage) continue;
        await openUrl(address);
        await seen(({ paths }) => paths.includes(`/ok/opened?${version}=1`));
      } else {
        await openUrl(address);
        await openUrl(address, 'firefox');
        await openPath(file);
        await seen(({ opened }) => opened.includes(`xdg-open ${address}\n`) && opened.includes(`firefox ${address}\n`) && opened.includes(`xdg-open ${file}\n`));
        await rejectedWith(openPath('/etc/passwd'), 'Not allowed to open path');
        await invoke('forget_opened');
        await revealItemInDir(file); // there is no file manager on the bus
        await seen(({ opened }) => opened.includes(`xdg-open ${file.slice(0, file.lastIndexOf('/'))}\n`));
      }
    }
  },
  'os: what uname says, of both versions': async () => {
    const { machine, host } = await invoke('outside');
    for (const each of [os, os20]) {
      equal([each.platform(), each.type(), each.family(), each.arch(), each.exeExtension(), each.eol()], ['linux', 'linux', 'unix', machine, '', '\n']);
      ok(each.version().length > 0, 'a version');
      equal([await each.hostname(), await each.locale()], [host, 'de-DE']);
    }
  },
  'cli: the arguments of both versions': async () => {
    for (const matches of [getMatches, getMatches20]) {
      const { args, subcommand } = await matches();
      equal([args.file, args.verbose], [{ value: 'a note.txt', occurrences: 1 }, { value: true, occurrences: 2 }]);
      equal([subcommand.name, subcommand.matches.args.format], ['export', { value: 'pdf', occurrences: 1 }]);
    }
  },
  'sql: a database of both versions': async () => {
    for (const [version, Each] of Object.entries({ new: Database, old: Database20 })) {
      const database = await Each.load(`sqlite:${version}.db`);
      await database.execute('CREATE TABLE a (id INTEGER PRIMARY KEY, title TEXT)');
      const made = await database.execute('INSERT INTO a (title) VALUES ($1)', [version]);
      equal(made, { rowsAffected: 1, lastInsertId: 1 });
      equal(await Each.get(`sqlite:${version}.db`).select('SELECT * FROM a WHERE id = $1', [1]), [{ id: 1, title: version }]);
      await rejectedWith(database.select('SELECT * FROM nope'), 'error returned from database: (code: 1) no such table: nope');
      equal(await database.close(), true);
      await rejectedWith(database.select('SELECT 1'), 'attempted to acquire a connection on a closed pool');
    }
  },
  'stronghold: each version opens what the other saved': async () => {
    const text = (bytes) => new TextDecoder().decode(bytes);
    const bytes = (of) => Array.from(new TextEncoder().encode(of));
    let before;
    for (const Each of [Stronghold, Stronghold20, Stronghold]) {
      const hold = await Each.load('both.hold', 'a password');
      const client = before ? await hold.loadClient('c') : await hold.createClient('c');
      const store = client.getStore();
      if (before) equal(text(await store.get('k')), before);
      before = `text ${before ? before.length : 0}`;
      await store.insert('k', bytes(before));
      await client.getVault('v').insert('r', bytes('secret'));
      await hold.save();
      await hold.unload();
      await rejectedWith(store.get('k'), 'stronghold not initialized');
    }
    await rejectedWith(Stronghold20.load('both.hold', 'wrong'), 'the password is wrong');
  },
};

/** A check of updates with the package of one version. */
export async function updated(check) {
  const { http } = await invoke('outside');
  const update = await check({ target: 'linux-x86_64', headers: { 'X-Mine': 'yes' } });
  equal([update.version, update.currentVersion, update.body], ['2.0.0', '0.0.0', 'better']);
  ok((await invoke('outside')).paths.includes('/manifest'), `the server at ${http} was asked`);
  const told = [];
  await update.download((event) => told.push(event));
  equal([told[0], told.at(-1)], [{ event: 'Started', data: { contentLength: 7 } }, { event: 'Finished' }]);
  await rejectedWith(update.install(), 'runs from its source, which an update cannot replace');
  await rejectedWith(check({ target: 'amiga-68k' }), 'the platform `amiga-68k` was not found');
  await update.close();
  await rejectedWith(update.download(), 'The resource id');
}
