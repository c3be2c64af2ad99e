import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type SubgraphName, partNames, roleOf, subgraphNames } from '../../platform/config.ts';
import { settingNames } from '../../platform/environment.ts';
import { root } from '../../platform/root.ts';
import { testConfig } from '../support/config.ts';

interface Service {
  command: string[];
  entrypoint?: string[];
  environment: Record<string, string | number>;
  depends_on: Record<string, { condition: string }>;
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const compose = (file: string) =>
  (parse(read(file), { merge: true }) as { services: Record<string, Service> }).services;
const services = compose('docker-compose.yml');
const demo = compose('docker-compose.demo.yml');
const parts = ['gateway', ...partNames] as const;

describe('docker-compose.yml', () => {
  it.each(parts)('runs %s as a service of its own, on its settled port', (part) => {
    const { command, environment } = services[part]!;

    expect(command).toEqual([part]);
    expect(environment['PORT']).toBe(testConfig().ports[part]);
  });

  it.each(partNames)('gives %s its own role, and no other part’s', (part) => {
    const urls = Object.entries(services[part]!.environment).filter(([name]) =>
      name.endsWith('DATABASE_URL'),
    );

    expect(urls).toHaveLength(1);
    expect(urls[0]![0]).toBe(`${part.toUpperCase().replace('-', '_')}_DATABASE_URL`);
    expect(new URL(String(urls[0]![1]).replace(/\$\{.*?\}/, 'secret')).username).toBe(roleOf(part));
    expect(services['migrate']!.environment).toMatchObject(Object.fromEntries(urls));
  });

  it.each(partNames)('gives %s the key that seals where it seals, and not elsewhere', (part) => {
    const folder = subgraphNames.includes(part as SubgraphName) ? `subgraphs/${part}` : part;
    const seals = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .some((name) => read(join(folder, name)).includes('sealKey'));

    expect([part, 'SEAL_KEY' in services[part]!.environment]).toEqual([part, seals]);
  });

  it('gives the gateway no database, and the URL of each part that it calls', () => {
    const given = Object.entries(services['gateway']!.environment).flatMap(([name, value]) =>
      name.endsWith('_URL') && !['REDIS_URL'].includes(name) ? [value] : [],
    );

    const { ports, urls } = testConfig();
    expect(given).toEqual(
      Object.keys(urls).map((part) => `http://${part}:${ports[part as keyof typeof urls]}`),
    );
  });

  it('sets nothing that the program does not read, and is told of nothing that is not listed', () => {
    const images = ['postgres', 'redis'];
    for (const [name, { environment }] of Object.entries({ ...services, ...demo })) {
      if (images.includes(name)) continue;
      expect(settingNames).toEqual(expect.arrayContaining(Object.keys(environment)));
    }
    const asked = `${read('docker-compose.yml')}${read('docker-compose.demo.yml')}`.matchAll(
      /\$\{(\w+)/g,
    );
    for (const [, name] of asked) expect(listed()).toContain(name);
  });

  it.each(['LOG_LEVEL', 'LAME_DUCK_MS'])('hands %s of .env to every part', (name) => {
    const handed = parts.filter((part) => name in services[part]!.environment);

    expect(handed).toEqual(parts);
  });

  it('is accepted by docker-compose, where that is installed', () => {
    const environment = Object.fromEntries(listed().map((name) => [name, 'x']));
    const accept = (...files: string[]) =>
      execFileSync('docker-compose', [...files.flatMap((file) => ['-f', file]), 'config', '-q'], {
        cwd: root,
        env: { PATH: process.env['PATH'], ...environment },
        stdio: 'pipe',
      });
    try {
      accept('docker-compose.yml');
      accept('docker-compose.yml', 'docker-compose.demo.yml');
    } catch (error) {
      // A machine without it has the other tests.
      // oxlint-disable-next-line jest/no-conditional-expect
      expect(error).toMatchObject({ code: 'ENOENT' });
    }
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');

  it('copies what is there', () => {
    const copied = lines.flatMap(
      (line) => /^COPY --from=build \/app\/(\S+) /.exec(line)?.[1] ?? [],
    );

    expect(copied).toEqual(
      expect.arrayContaining([
        'dist',
        'schema',
        'platform/sql',
        'ledger/sql',
        'identity/sql',
        'subgraphs',
        'pictures',
      ]),
    );
    for (const path of copied) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  });

  it('starts a part as `npm start` does, with the same room for young objects', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: { start: string } };
    const [entrypoint] = lines.flatMap((line) => /^ENTRYPOINT (.*)/.exec(line)?.[1] ?? []);

    expect(JSON.parse(entrypoint!)).toEqual(scripts.start.replace(/^exec /, '').split(' '));
    expect(entrypoint).toContain('"--max-semi-space-size=64"');
  });

  it('runs as nobody in particular', () => {
    expect(lines).toContain('USER node');
  });
});

describe('.env.example', () => {
  it('has every setting, once, and no other', () => {
    const forCompose = [
      'POSTGRES',
      'MEMBERS',
      'PARTNERS',
      'REWARDS',
      'COMMUNITY',
      'IDENTITY',
      'WORKER',
    ];

    expect(listed().sort()).toEqual(
      [...settingNames, ...forCompose.map((name) => `${name}_PASSWORD`)].sort(),
    );
  });
});

describe('docs/operations.md', () => {
  it('explains every setting, and no other', () => {
    const explained = read('docs/operations.md')
      .split('\n')
      .flatMap((line) => /^\| `([A-Z].+?)` +\|/.exec(line)?.[1]?.split('`, `') ?? []);

    expect(explained.sort()).toEqual([...settingNames].sort());
  });
});

function listed(): string[] {
  return [...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name!);
}
