import { type AddressInfo, type Socket, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A mail server that takes what it gets, for programs to send to. */
export interface MailServer {
  url: string;
  /** The mails that it was given whole, in their order, whatever it said to them. */
  taken: string[];
  /** The most connections that it had at once. */
  readonly connectionsMax: number;
  close(): Promise<void>;
}

interface Behaviour {
  /** How long it thinks about a mail. */
  thinksMs?: number;
  /** What it says to a mail; null: it ends the connection instead. */
  answer?: string | null;
}

/** Starts one on this machine. */
export async function startMailServer(behaviour: Behaviour = {}): Promise<MailServer> {
  const taken: string[] = [];
  const open = new Set<Socket>();
  let connectionsMax = 0;
  const server = createServer((socket) => {
    open.add(socket);
    connectionsMax = Math.max(connectionsMax, open.size);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    converse(socket, taken, behaviour);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    get connectionsMax() {
      return connectionsMax;
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function converse(
  socket: Socket,
  taken: string[],
  { thinksMs = 0, answer = '250 taken' }: Behaviour,
): void {
  let [heard, mail] = ['', null as string | null];
  const say = (line: string) => socket.write(`${line}\r\n`);
  const hear = async (line: string) => {
    if (mail === null) {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'DATA') mail = '';
      if (verb === 'QUIT') socket.end('221 bye\r\n');
      else say(verb === 'DATA' ? '354 go on' : '250 fine');
    } else if (line !== '.') {
      mail += `${line}\n`;
    } else {
      taken.push(mail);
      mail = null;
      await sleep(thinksMs);
      if (answer === null) socket.destroy();
      else say(answer);
    }
  };
  say('220 ready');
  socket.on('data', (bytes) => {
    const lines = (heard + bytes.toString()).split('\r\n');
    heard = lines.pop()!;
    for (const line of lines) void hear(line);
  });
}
