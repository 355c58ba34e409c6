// Names that an example may use without showing where they are imported from; esbuild takes them where they are free.
export { Channel, convertFileSrc, invoke } from '@tauri-apps/api/core';
export { emit, emitTo, listen, once } from '@tauri-apps/api/event';
