/**
 * Prints an access token of the demo, for the running system that PORT and DATA_DIR name:
 * `npm run -s token -- member ada@example.com`, `-- partner SHOP [scope ...]`, `-- admin`.
 */
import { runProgram } from './program.ts';
import { tokenFor } from './token-command.ts';

await runProgram(async () => {
  process.stdout.write(`${await tokenFor(process.argv.slice(2), process.env)}\n`);
});
