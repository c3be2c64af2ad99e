/** The gateway in a process of its own, which tells what processor time it has used by now. */
import '../../platform/production.ts';
import { openHostileGround } from '../../test/gateway/hostile/ground.ts';

const { url } = await openHostileGround();
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send!(user + system);
});
process.on('disconnect', () => process.exit(0));
process.send!(url);
