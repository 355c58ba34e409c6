import { emit, listen } from 'tauri-api/event';
import { invoke } from 'tauri-api/tauri';

import { chat } from './older/chat.js';

chat('1.x', invoke, (event, heard) => listen(event, ({ payload }) => heard(payload)), emit);
