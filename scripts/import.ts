/**
 * Records a partner's file of activities in the system that DATA_DIR or DATABASE_URL names, running
 * or not: `npm run import -- --partner SHOP --kind PURCHASE [--enrol] FILE`. See docs/import.md.
 */
import '../platform/production.ts';
import { importFile } from './import-command.ts';
import { runProgram } from './program.ts';

await runProgram(() =>
  importFile(process.argv.slice(2), process.env, (text) => process.stdout.write(text)),
);
