/** Frames on a connection: each begins with its length. */
const lengthBytes = 4;

/** A frame of so many bytes, empty but for its length, and where its content begins. */
export function newFrame(bytes: number): { frame: Buffer; start: number } {
  const frame = Buffer.allocUnsafe(lengthBytes + bytes);
  frame.writeUInt32BE(bytes);
  return { frame, start: lengthBytes };
}

export interface FrameReader {
  /** Reads what has arrived. @throws Error where a frame is too long */
  read(chunk: Buffer): void;
  /** What there is of a frame that has not arrived whole. */
  begun(): Buffer;
}

/** Reads frames off one connection, of so many bytes at the most. */
export function openFrames(mostBytes: number, take: (frame: Buffer) => void): FrameReader {
  let kept: Buffer[] = [];
  let held = 0;
  /** What must be there before it is worth to look again. */
  let wanted = 0;
  return {
    read(chunk) {
      kept.push(chunk);
      held += chunk.length;
      if (held < wanted) return;
      const bytes = kept.length === 1 ? chunk : Buffer.concat(kept, held);
      let at = 0;
      for (;;) {
        const left = bytes.length - at;
        wanted = lengthBytes + (left < lengthBytes ? 0 : bytes.readUInt32BE(at));
        if (wanted > lengthBytes + mostBytes) throw new Error('A frame is too long.');
        if (left < wanted) break;
        take(bytes.subarray(at + lengthBytes, at + wanted));
        at += wanted;
      }
      held = bytes.length - at;
      kept = held > 0 ? [bytes.subarray(at)] : [];
    },
    begun: () => Buffer.concat(kept).subarray(lengthBytes),
  };
}
