// The workloads of every system. A page builds `api` with the client of its system and calls runWorkloads(api).
//
//   api.invoke()            one small typed command: sends ARGS, resolves to {value, message}
//   api.invokeMain()        the same, with a command that runs on the window's thread
//   api.up(buffer)          sends a Uint8Array, resolves to any value
//   api.down(n)             resolves to n bytes (an ArrayBuffer, or base64 if the system cannot transfer bytes)
//   api.records(n)          resolves to a list of n JSON records of about 100 bytes each
//   api.stream(n, size, onMessage)   the backend streams n messages of `size` bytes; size 0 means a small JSON object
//   api.events(n, onEvent)  the backend emits n events to this page
//   api.report(text)        sends a line to the backend, which prints it
//
// `api` omits entries that a system does not support; they are reported as null. performance.now() is clamped to 1 ms in
// WebKit, so every figure is a mean over many calls; never time a single call. The benchmark inserts SETTINGS before this
// file: `only` has the names of the workloads to run, or is null for all, and `scale` is a factor for every count.
const ARGS = { count: 5, payload: { state: "some string data", data: 17 } };
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// Whether the time of the current workload is over. It then starts no further calls, so that none disturb the next one.
let over = false;
const scaled = (n) => Math.max(1, Math.round(n * SETTINGS.scale));

async function timed(n, inFlight, call) {
  for (let i = 0; i < Math.min(n, 100) && !over; i++) await call();
  const start = performance.now();
  let next = 0;
  const worker = async () => { while (next < n && !over) { next++; await call(); } };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (performance.now() - start) / 1000;
}

async function counted(n, start) {
  let got = 0;
  const began = performance.now();
  await new Promise((resolve, reject) => { start(() => { if (++got === n) resolve(); }).catch(reject); });
  return (performance.now() - began) / 1000;
}

async function runWorkloads(api, only, prefix = "") {
  const MiB = 1 << 20, up1 = new Uint8Array(MiB), up16 = new Uint8Array(16 * MiB);
  const latency = (call) => (n) => timed(n, 1, call).then((s) => (s / n) * 1e6);
  const rate = (inFlight, call) => (n) => timed(n, inFlight, call).then((s) => n / s);
  const bytes = (size, call) => (n) => timed(n, 1, call).then((s) => (n * size) / s / 1e6);
  const messages = (size) => (n) => counted(n, (on) => api.stream(n, size, on)).then((s) => n / s);
  // Name -> the entry of `api`, the count, the unit, and a function that runs it. Add here to introduce a workload.
  const work = {
    invoke_seq: ["invoke", 3000, "us/call", latency(api.invoke)],
    invoke_main_seq: ["invokeMain", 3000, "us/call", latency(api.invokeMain)],
    invoke_50: ["invoke", 10000, "calls/s", rate(50, api.invoke)],
    invoke_500: ["invoke", 20000, "calls/s", rate(500, api.invoke)],
    up_1MiB: ["up", 50, "MB/s", bytes(MiB, () => api.up(up1))],
    down_1MiB: ["down", 50, "MB/s", bytes(MiB, () => api.down(MiB))],
    up_16MiB: ["up", 8, "MB/s", bytes(16 * MiB, () => api.up(up16))],
    down_16MiB: ["down", 8, "MB/s", bytes(16 * MiB, () => api.down(16 * MiB))],
    records_10k: ["records", 20, "lists/s", rate(1, () => api.records(10000))],
    channel_small: ["stream", 20000, "msgs/s", messages(0)],
    channel_10kB: ["stream", 2000, "msgs/s", messages(10000)],
    channel_1MiB: ["stream", 100, "MB/s", (n) => messages(MiB)(n).then((rate) => (rate * MiB) / 1e6)],
    events: ["events", 10000, "events/s", (n) => counted(n, (on) => api.events(n, on)).then((s) => n / s)],
  };
  await api.report("ready");
  await sleep(300);
  for (const [name, [entry, count, unit, run]] of Object.entries(work)) {
    const workload = prefix + name;
    if ((only && !only.includes(name)) || (SETTINGS.only && !SETTINGS.only.includes(workload))) continue;
    let value = null, error;
    if (api[entry]) {
      const limit = sleep(60000).then(() => { throw new Error("no result in 60 s"); });
      const running = run(scaled(count));
      try { value = await Promise.race([running, limit]); } catch (e) { error = String((e && e.message) || e); }
      over = true;
      await Promise.race([running.catch(() => {}), sleep(60000)]);
      over = false;
    }
    await api.report(JSON.stringify({ workload, value, unit, error }));
  }
  await api.report("done");
}
