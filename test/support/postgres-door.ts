import { type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';

/** A way to a PostgreSQL server on which its connections can be made to end. */
export interface Door {
  port: number;
  /** While true, who comes is told that the server ends, in the breath that says it is ready. */
  isClosing: boolean;
  /** Asked at each commit: true cuts the connection before the client learns that it is committed. */
  cuts: () => boolean;
  close(): Promise<void>;
}

/** "Ready for query", outside a transaction: the last that a server says to who comes. */
const ready = messageOf('Z', 'I');
/** "Command complete": the server says it once the transaction is on its disk. */
const committed = messageOf('C', 'COMMIT\0');
const lastWords = messageOf(
  'E',
  'SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0',
);

/** @param socket folder of the server's Unix socket */
export async function startDoor(socket: string): Promise<Door> {
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect(join(socket, '.s.PGSQL.5432'));
    const isLast = door.isClosing;
    for (const end of [client, upstream]) open.add(end.on('error', () => undefined));
    client.on('data', (bytes) => upstream.write(bytes)).on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    let rest: Buffer = Buffer.alloc(0);
    upstream.on('data', (bytes) => {
      const messages = messagesIn(Buffer.concat([rest, bytes]));
      rest = messages.pop()!;
      for (const message of messages) {
        if (message.equals(committed) && door.cuts()) return void client.destroy();
        if (isLast && message.equals(ready)) {
          return void client.end(Buffer.concat([message, lastWords]));
        }
        client.write(message);
      }
    });
  });
  const door: Door = {
    port: 0,
    isClosing: false,
    cuts: () => false,
    close() {
      for (const end of open) end.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  door.port = (server.address() as { port: number }).port;
  return door;
}

/** A message as a server sends it: its type, its length without the type, and what it says. */
function messageOf(type: string, text: string): Buffer {
  const message = Buffer.from(`${type}\0\0\0\0${text}`);
  message.writeUInt32BE(message.length - 1, 1);
  return message;
}

/** The whole messages that bytes begin with, and last what is left of them. */
function messagesIn(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  let rest = bytes;
  while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
    const length = 1 + rest.readUInt32BE(1);
    messages.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return [...messages, rest];
}
