/** The gateway with the subgraphs in its process, and no worker, whose jobs would come and go. */
import '../../platform/production.ts';
import { readConfig } from '../../platform/config.ts';
import { startSystem } from '../../system.ts';

const system = await startSystem(readConfig(process.env));
process.send!(await system.gateway.listen());
process.once('disconnect', () => void system.drain().then(() => process.exit()));
