import { emit, listen } from 'tauri-api-1/event';
import { invoke } from 'tauri-api-1/tauri';

import { chat } from '../chat.js';

chat('1.6', { call: invoke, listen: (event, heard) => listen(event, ({ payload }) => heard(payload)), emit });
