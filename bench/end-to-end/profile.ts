import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../platform/root.ts';

interface Profile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string };
    children?: number[];
  }[];
  samples: number[];
  timeDeltas: number[];
}

/** Microseconds of processor time by what spends it, over all profiles of a folder. */
export async function profileOf(folder: string, lastSeconds: number): Promise<Map<string, number>> {
  const spent = new Map<string, number>();
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.cpuprofile')) continue;
    add(spent, JSON.parse(await readFile(join(folder, name), 'utf8')) as Profile, lastSeconds);
  }
  return spent;
}

/** What a process did when it started does not count. */
function add(
  spent: Map<string, number>,
  { nodes, samples, timeDeltas }: Profile,
  lastSeconds: number,
): void {
  const groups = groupsOf(nodes);
  let left = lastSeconds * 1_000_000;
  for (let place = samples.length - 1; place >= 0 && left > 0; place--) {
    const took = timeDeltas[place]!;
    left -= took;
    const group = groups.get(samples[place]!)!;
    if (group !== 'idle') spent.set(group, (spent.get(group) ?? 0) + took);
  }
}

/** Of each node its module; what is V8's own counts for whoever called it. */
function groupsOf(nodes: Profile['nodes']): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const groups = new Map<number, string>();
  const walk = (id: number, caller: string) => {
    const { callFrame, children = [] } = byId.get(id)!;
    const group = groupOf(callFrame) ?? caller;
    groups.set(id, group);
    for (const child of children) walk(child, group);
  };
  walk(nodes[0]!.id, 'other');
  return groups;
}

const whole: Readonly<Record<string, string>> = {
  '(idle)': 'idle',
  '(garbage collector)': 'collecting garbage',
  '(program)': 'Node itself',
};

function groupOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string | null {
  if (whole[functionName]) return whole[functionName];
  if (url.startsWith('node:')) {
    const [, name] = /^node:(?:internal\/)?([^/]+)/.exec(url)!;
    return `node:${name}`;
  }
  if (!url.startsWith('file:')) return null;
  const path = relative(root, fileURLToPath(url));
  const [, of] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
  if (of) return of;
  const [first, second, third] = path.replace(/^dist\//, '').split('/');
  return third || first === 'platform' ? `${first}/${second}` : first!;
}
