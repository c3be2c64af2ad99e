/** Puts the demo coalition into the database of DATABASE_URL, or the embedded one that runs. */
import '../platform/production.ts';
import { readConfig } from '../platform/config.ts';
import { runProgram } from './program.ts';
import { seed } from './seed.ts';

await runProgram(() => seed(readConfig(process.env)));
