import { emit, listen } from 'tauri-api/api/event';
import { promisified } from 'tauri-api/api/tauri';

import { chat } from './older/chat.js';

chat('0.x', (cmd, args) => promisified({ cmd, ...args }), (event, heard) => listen(event, ({ payload }) => heard(payload)), emit);
