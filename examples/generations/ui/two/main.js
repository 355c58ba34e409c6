import { invoke } from '@tauri-apps/api/core';
import { emit, listen } from '@tauri-apps/api/event';

import { chat } from '../chat.js';

chat('2.12', { call: invoke, listen: (event, heard) => listen(event, ({ payload }) => heard(payload)), emit });
