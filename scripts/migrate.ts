/** Brings the database of DATABASE_URL, or the embedded one that runs, up to date. */
import '../platform/production.ts';
import { migrate } from '../migrations/index.ts';
import { readConfig } from '../platform/config.ts';
import { runProgram } from './program.ts';

await runProgram(async () => {
  const config = readConfig(process.env);
  await migrate(config.databaseUrl, config.rolePasswords);
});
