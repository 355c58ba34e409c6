import { Channel, invoke } from '@tauri-apps/api/core';

/**
 * Iterate over what a streaming command yields. The command starts with the first step of the loop, is held while the loop
 * is behind, and ends with it: `break` and `throw` cancel it.
 *
 * @param {string} command
 * @param {Record<string, unknown>} [args]
 * @param {import('./index.d.ts').StreamOptions} [options]
 * @returns {AsyncGenerator<any, void, undefined>}
 */
export async function* stream(command, args = {}, { headers, highWaterMark = 64, signal } = {}) {
  /** @type {unknown[]} */
  const arrived = [];
  let received = 0;
  let total = Infinity;
  /** @type {{ reason: unknown } | undefined} */
  let failed;
  let wake = () => {};
  const channel = new Channel();
  channel.onmessage = (value) => {
    arrived.push(value);
    received += 1;
    wake();
  };

  const end = new AbortController();
  const aborted = () => end.abort(signal?.reason);
  signal?.addEventListener('abort', aborted);
  if (signal?.aborted) aborted();

  const sent = new Headers(headers);
  // The back end reads here where to stream to, and how many values the page takes before it asks for more.
  sent.set('Transom-Stream', `__CHANNEL__:${channel.id} ${highWaterMark}`);
  /** @type {Promise<number>} */
  const call = invoke(command, args, /** @type {any} */ ({ headers: sent, signal: end.signal }));
  call.then(
    (count) => {
      total = count;
      wake();
    },
    (reason) => {
      failed = { reason };
      wake();
    },
  );

  const enough = Math.ceil(highWaterMark / 2);
  let taken = 0;
  try {
    for (;;) {
      while (arrived.length > 0) {
        yield arrived.shift();
        taken += 1;
        if (taken < enough) continue;
        // A stream that has ended meanwhile needs no more; the loop hears of its end by itself.
        invoke('plugin:stream|pull', { channel: channel.id, count: taken }).catch(() => {});
        taken = 0;
      }
      if (failed) throw failed.reason;
      // The answer may come before the last values: those with large buffers take longer.
      if (received >= total) return;
      await new Promise((resolve) => {
        wake = () => resolve(undefined);
      });
    }
  } finally {
    signal?.removeEventListener('abort', aborted);
    end.abort();
  }
}
