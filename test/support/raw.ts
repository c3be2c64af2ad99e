import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/**
 * Writes bytes to a server as they are, and reads all that it answers until it hangs up.
 *
 * @param chunks a pause between two of them
 */
export async function sendRaw(url: string, ...chunks: (string | Buffer)[]): Promise<RawAnswer> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  const received: Buffer[] = [];
  const over = new Promise<void>((resolve) => {
    socket.on('data', (data) => received.push(data));
    socket.on('close', () => resolve());
  });
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    if (socket.writable) socket.write(chunk);
  }
  await over;
  return readAnswer(Buffer.concat(received).toString());
}

function readAnswer(answer: string): RawAnswer {
  const end = answer.indexOf('\r\n\r\n');
  const [line = '', ...lines] = answer.slice(0, end).split('\r\n');
  const headers = new Headers(
    lines.map((each) => {
      const colon = each.indexOf(':');
      return [each.slice(0, colon), each.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(line.split(' ')[1]), headers, text: answer.slice(end + 4) };
}
