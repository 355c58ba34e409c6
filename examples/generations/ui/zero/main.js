import { emit, listen } from 'tauri/api/event';
import { promisified } from 'tauri/api/tauri';

import { chat } from '../chat.js';

chat('0.15', {
  call: (cmd, args) => promisified({ cmd, ...args }),
  listen: (event, heard) => listen(event, ({ payload }) => heard(payload)),
  emit,
});
