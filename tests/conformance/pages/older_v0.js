import { promisified } from 'tauri-api/api/tauri';

import table from '../older_checks.json';
import { runChecks } from './older/report.js';
import checks from './older/v0.js';

runChecks(table['0.x'], checks, (cmd, args) => promisified({ cmd, ...args }));
