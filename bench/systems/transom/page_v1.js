// As `page.js`, with the unmodified npm package of 1.x, which has no channels and no bytes.
import { listen } from '@tauri-apps/api/event';
import { invoke } from '@tauri-apps/api/tauri';

runWorkloads({
  invoke: () => invoke('echo', ARGS),
  invokeMain: () => invoke('echo_main', ARGS),
  records: (count) => invoke('records', { count }),
  events: async (count, onEvent) => {
    await listen('tick', onEvent);
    await invoke('events', { count });
  },
  report: (text) => invoke('report', { text }),
});
