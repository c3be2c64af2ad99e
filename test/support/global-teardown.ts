import { rm } from 'node:fs/promises';

export default async function tearDown(): Promise<void> {
  const { postgres, dataDir } = globalThis.testServer!;
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
