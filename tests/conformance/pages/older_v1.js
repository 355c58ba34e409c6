import { invoke } from 'tauri-api/tauri';

import table from '../older_checks.json';
import { runChecks } from './older/report.js';
import checks from './older/v1.js';

runChecks(table['1.x'], checks, invoke);
