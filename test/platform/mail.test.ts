import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { type Server, type Socket, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { limits } from '../../platform/limits.ts';
import { openMail } from '../../platform/mail.ts';
import { startMailServer } from '../support/smtp.ts';

const message = { to: 'ada@example.com', subject: 'Your code', text: '123456 is your code.' };

describe('mail', () => {
  let dataDir: string;
  let lines: string[];
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'coalition-mail-'));
    lines = [];
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  function open(smtpUrl: string | null) {
    const output = new PassThrough();
    output.on('data', (line: Buffer) => lines.push(line.toString()));
    return openMail({ dataDir, smtpUrl }, pino(output));
  }

  it('without a server is written to the data folder', async () => {
    const mail = open(null);

    mail.send(message);
    mail.send({ ...message, text: 'Another.' });
    await mail.settled();

    const files = await readdir(join(dataDir, 'mail'));
    expect(files).toHaveLength(2);
    const texts = await Promise.all(
      files.map((file) => readFile(join(dataDir, 'mail', file), 'utf8')),
    );
    expect(texts.join()).toContain('123456 is your code.');
  });

  it('is forgotten by address, whatever its letters, and that of others stays', async () => {
    const mail = open(null);
    mail.send(message);
    mail.send({ ...message, to: 'grace@example.com' });
    await mail.settled();

    await mail.forget(['ADA@example.com', 'nobody@example.com']);

    const [left, ...more] = await readdir(join(dataDir, 'mail'));
    expect(more).toEqual([]);
    expect(await readFile(join(dataDir, 'mail', left!), 'utf8')).toContain('grace@example.com');
    await mail.forget(['grace@example.com']);
    expect(await readdir(join(dataDir, 'mail'))).toEqual([]);
  });

  it('has nothing to forget where nothing was written', async () => {
    await expect(open(null).forget(['ada@example.com'])).resolves.toBeUndefined();
  });

  it('names no address in the log', async () => {
    const mail = open(null);

    mail.send({ ...message, text: 'Ada <ada@example.com> invites you.' });
    await mail.settled();

    expect(lines.join()).toContain('invites you.');
    expect(lines.join()).not.toContain('ada@example.com');
  });

  it('shows in the log what a person waits for, and no notice', async () => {
    const mail = open(null);

    mail.send(message);
    await mail.deliver({ ...message, text: 'You have 40 points.' });
    await mail.settled();

    expect(lines.join()).toContain('123456 is your code.');
    expect(lines.join()).not.toContain('40 points');
  });

  describe('by a server that takes it', () => {
    it('goes over few connections, several at once, and each once', async () => {
      const server = await startMailServer({ thinksMs: 20 });
      const mail = open(server.url);

      const sent = await Promise.all(
        Array.from({ length: 20 }, (_, n) => mail.deliver({ ...message, text: `Number ${n}.` })),
      );

      expect(sent).toEqual(Array(20).fill(true));
      const numbers = server.taken.map((mail) => /Number (\d+)\./.exec(mail)![1]);
      expect(new Set(numbers).size).toBe(20);
      expect(numbers).toHaveLength(20);
      expect(server.connectionsMax).toBe(limits.mailConnections);
      await server.close();
    });

    it('goes over as many connections as the URL says', async () => {
      const server = await startMailServer({ thinksMs: 5 });
      const mail = open(`${server.url}/?maxConnections=2`);

      await Promise.all(Array.from({ length: 6 }, () => mail.deliver(message)));

      expect(server.connectionsMax).toBe(2);
      await server.close();
    });

    it.each([
      ['counts as gone where the server had all of it and ended', null, true, 'not confirmed'],
      ['does not where the server refused it', '451 later', false, 'not sent'],
    ])('%s, and is not sent again', async (_, answer, isGone, logged) => {
      const server = await startMailServer({ answer });

      expect(await open(server.url).deliver(message)).toBe(isGone);

      expect(server.taken).toHaveLength(1);
      expect(lines).toEqual([expect.stringContaining(`mail ${logged}`)]);
      await server.close();
    });
  });

  describe('by a server', () => {
    let server: Server;
    let greet: (socket: Socket) => void;
    beforeEach(async () => {
      server = createServer((socket) => greet(socket.on('error', () => {})));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => new Promise((resolve) => server.close(resolve)));
    const url = () => `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;

    it('is taken over at once, however slow the server is, and waited for by settled()', async () => {
      const met = new Promise<Socket>((resolve) => (greet = resolve));
      const mail = open(url());
      let settled = false;

      mail.send(message);
      const socket = await met;
      const settling = mail.settled().then(() => (settled = true));
      await new Promise((resolve) => setTimeout(resolve, 50));

      expect(settled).toBe(false);
      greet = (again) => again.destroy();
      socket.destroy();
      await settling;
    });

    it('is told not to have gone where one waits for it', async () => {
      greet = (socket) => socket.end('554 no mail\r\n');

      expect(await open(url()).deliver(message)).toBe(false);
      expect(await open(null).deliver(message)).toBe(true);
    });

    it('is logged without the address where the server refuses it', async () => {
      greet = (socket) => socket.end(`554 no mail for ${message.to}\r\n`);
      const mail = open(url());

      mail.send(message);
      await mail.settled();

      expect(lines).toEqual([expect.stringContaining('mail not sent')]);
      expect(JSON.parse(lines[0]!)).toMatchObject({ code: expect.any(String) as unknown });
      expect(lines[0]).not.toContain('ada');
    });
  });
});
