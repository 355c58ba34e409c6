// Uses the unmodified npm package, like any front end; `workloads.js` defines ARGS and runWorkloads.
import { Channel, invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

runWorkloads({
  invoke: () => invoke('echo', ARGS),
  invokeMain: () => invoke('echo_main', ARGS),
  up: (buffer) => invoke('up', buffer),
  down: (size) => invoke('down', { size }),
  records: (count) => invoke('records', { count }),
  stream: (count, size, onMessage) => {
    const onEvent = new Channel();
    onEvent.onmessage = onMessage;
    return invoke('stream', { onEvent, count, size });
  },
  events: async (count, onEvent) => {
    await listen('tick', onEvent);
    await invoke('events', { count });
  },
  report: (text) => invoke('report', { text }),
});
