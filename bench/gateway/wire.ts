/** A message of HTTP/1.1, of which the body is whole. */
export interface Message {
  head: string;
  body: Buffer;
}

const endOfHead = Buffer.from('\r\n\r\n');

/**
 * Reads messages off one connection. Node's own server and client would take most of the core that
 * the load and the subgraphs have, and it is the gateway that is to be measured.
 */
export function openReader(take: (message: Message) => void): (chunk: Buffer) => void {
  let kept: Buffer[] = [];
  let held = 0;
  /** What must be there before it is worth to look again. */
  let wanted = 0;
  return (chunk) => {
    kept.push(chunk);
    held += chunk.length;
    if (held < wanted) return;
    let bytes = kept.length === 1 ? chunk : Buffer.concat(kept);
    for (;;) {
      const read = readMessage(bytes);
      wanted = typeof read === 'number' ? read : 0;
      if (typeof read === 'number') break;
      take(read.message);
      bytes = bytes.subarray(read.bytes);
    }
    kept = bytes.length > 0 ? [bytes] : [];
    held = bytes.length;
  };
}

/** The first message, or how many bytes there must be at least for it. */
function readMessage(bytes: Buffer): { message: Message; bytes: number } | number {
  const end = bytes.indexOf(endOfHead);
  if (end < 0) return bytes.length + 1;
  const start = end + endOfHead.length;
  const head = bytes.toString('latin1', 0, end);
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  if (length === undefined && /\r\ntransfer-encoding: *chunked/i.test(head)) {
    return readChunks(head, bytes, start);
  }
  const whole = start + Number(length ?? 0);
  if (bytes.length < whole) return whole;
  return { message: { head, body: bytes.subarray(start, whole) }, bytes: whole };
}

function readChunks(head: string, bytes: Buffer, start: number): ReturnType<typeof readMessage> {
  const pieces: Buffer[] = [];
  for (let at = start; ;) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return bytes.length + 1;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const next = line + 2 + size + 2;
    if (bytes.length < next) return next;
    if (size === 0) return { message: { head, body: Buffer.concat(pieces) }, bytes: next };
    pieces.push(bytes.subarray(line + 2, next - 2));
    at = next;
  }
}
