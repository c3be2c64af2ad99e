import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './ports.ts';

/** Whether a Redis server can be started here. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A Redis server of a test's own, that keeps nothing on disk. */
export interface TestRedis {
  url: string;
  /** Takes it away, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again, empty, after it was taken away. */
  start(): Promise<void>;
  /** From now on it takes connections, and answers nothing. */
  freeze(): Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let server: ChildProcess | null = null;
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      const killed = server;
      server = null;
      if (!killed?.kill('SIGKILL')) return;
      await once(killed, 'close');
    },
    async start() {
      const args = ['--port', String(port), '--save', '', '--appendonly', 'no'];
      const started = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
      server = started;
      await new Promise<void>((resolve) => {
        started.stdout.on('data', (text) => {
          if (String(text).includes('Ready to accept')) resolve();
        });
      });
    },
    freeze() {
      server?.kill('SIGSTOP');
      return Promise.resolve();
    },
  };
  await redis.start();
  return redis;
}
