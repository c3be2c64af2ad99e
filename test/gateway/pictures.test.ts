import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../platform/root.ts';
import { type RunningGateway, startSmallGateway } from '../support/gateway.ts';

const folder = join(root, 'pictures');

describe('pictures', () => {
  let gateway: RunningGateway;
  beforeAll(async () => void (gateway = await startSmallGateway()));
  afterAll(() => gateway.drain());

  it('are served as they are, to be kept by caches, and never to run anything', async () => {
    const answer = await fetch(`${gateway.url}/pictures/AIR.svg`);

    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(await readFile(join(folder, 'AIR.svg'), 'utf8'));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=3600',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });

  it('are not sent again to a browser that has them', async () => {
    const url = `${gateway.url}/pictures/AIR.svg`;
    const etag = (await fetch(url)).headers.get('etag')!;

    const again = await fetch(url, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await fetch(url, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it.each([
    '',
    'NOTHING.svg',
    '..%2Fpackage.json',
    '%2e%2e%2fpackage.json',
    'AIR.svg%00',
    'a/AIR.svg',
  ])('are the only files that are served: not %p', async (name) => {
    const answer = await fetch(`${gateway.url}/pictures/${name}`);

    expect([400, 404]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toContain('application/json');
  });

  it('are small, and hold nothing that runs or is loaded', async () => {
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      expect([name, (await stat(path)).size < 4_000]).toEqual([name, true]);
      const svg = await readFile(path, 'utf8');
      expect(svg).not.toMatch(/<script|<style|<foreignObject|href|\son\w+=|javascript:/i);
    }
  });
});
