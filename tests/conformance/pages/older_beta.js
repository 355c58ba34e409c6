import { invoke } from 'tauri-api/tauri';

import table from '../older_checks.json';
import checks from './older/beta.js';
import { runChecks } from './older/report.js';

runChecks(table['1.0-beta'], checks, invoke);
