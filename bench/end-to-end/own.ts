/** A part of this system, as `npm start` runs it; or all that answer clients, in one process. */
import '../../platform/production.ts';
import { type PartName, readConfig } from '../../platform/config.ts';
import { openPlatform, startGateway, startPart, startSystem } from '../../system.ts';
import { patient } from './given.ts';

const name = process.argv[2] as PartName | 'gateway' | 'all';
const config = patient(readConfig(process.env, name === 'all' ? 'gateway' : name));
const platform = openPlatform(config);
const running = await start();
process.once('SIGTERM', () => void running.drain().then(() => process.exit()));

async function start(): Promise<{ drain: () => Promise<void> }> {
  if (name === 'all') {
    const system = await startSystem(config, platform);
    await system.gateway.listen();
    return system;
  }
  const part =
    name === 'gateway'
      ? await startGateway(config, platform)
      : await startPart(name, config, platform);
  await part.listen();
  return part;
}
