import { type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';

/** A way to a PostgreSQL server on which its connections can be made to end. */
export interface Door {
  port: number;
  /** While true, who comes is told that the server ends, in the breath that says it is ready. */
  isClosing: boolean;
  close(): Promise<void>;
}

/** "Ready for query", outside a transaction: the last that a server says to who comes. */
const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const fields = ['SFATAL', 'C57P01', 'Mterminating connection due to unexpected postmaster exit'];
const text = Buffer.from(`${fields.join('\0')}\0\0`);
const lastWords = Buffer.concat([Buffer.from([0x45, 0, 0, 0, 4 + text.length]), text]);

/** @param socket folder of the server's Unix socket */
export async function startDoor(socket: string): Promise<Door> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(join(socket, '.s.PGSQL.5432'));
    const isLast = door.isClosing;
    for (const end of [client, upstream]) open.add(end.on('error', () => undefined));
    client.on('data', (bytes) => upstream.write(bytes)).on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstream.on('data', (bytes) => {
      if (isLast && bytes.subarray(-ready.length).equals(ready)) {
        client.end(Buffer.concat([bytes, lastWords]));
      } else client.write(bytes);
    });
  });
  const door: Door = {
    port: 0,
    isClosing: false,
    close() {
      for (const end of open) end.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  door.port = (server.address() as { port: number }).port;
  return door;
}
