import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The process id of the server whose data is in the folder. */
export async function postmasterIn(dataDir: string): Promise<number> {
  const file = await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8');
  const pid = Number(file.split('\n')[0]);
  // To a signal, 0 is all of this process's group.
  if (!pid) throw new Error('PostgreSQL has not written its number yet.');
  return pid;
}

/** A server's process and all that it has started, itself first. */
export async function processesOf(postmaster: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-axo', 'pid=,ppid=']);
  const pairs = stdout.split('\n').map((line) => line.trim().split(/ +/).map(Number));
  return [postmaster, ...pairs.filter(([, parent]) => parent === postmaster).map(([pid]) => pid!)];
}

/** The command lines of this machine that name a folder. */
export async function processesNaming(folder: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-axww', '-o', 'args=']);
  return stdout.split('\n').filter((command) => command.includes(folder));
}

/** SIGKILL, at once; who has ended by now is none the worse for it. */
export function kill(pids: number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It was quicker.
    }
  }
}
