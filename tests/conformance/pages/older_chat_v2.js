import { invoke } from 'tauri-api/core';
import { emit, listen } from 'tauri-api/event';

import { chat } from './older/chat.js';

chat('2.x', invoke, (event, heard) => listen(event, ({ payload }) => heard(payload)), emit);
