import type { Dispatcher } from 'undici';
import type { EndSignal } from './ending.ts';

export interface WholeAnswer {
  status: number;
  text: string;
}

/** The connection failed before anything of an answer came. */
export class ConnectionFailed extends Error {
  constructor(cause: Error) {
    super('The connection failed before an answer.', { cause });
  }
}

const connectionCodes: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'UND_ERR_SOCKET',
]);

/**
 * Sends a request and reads its answer to the end. undici's `request` makes a stream of each answer:
 * for one that is read whole that is most of the work.
 *
 * @throws ConnectionFailed
 * @throws where there is no answer, or the signal comes before its end
 */
export function wholeAnswer(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: EndSignal,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let cut: (() => void) | undefined;
    const end = () => {
      const reason = signal.reason as Error;
      reject(reason);
      cut?.();
    };
    if (signal.aborted) return end();
    signal.addEventListener('abort', end);
    dispatcher.dispatch(options, {
      onRequestStart(controller) {
        cut = () => controller.abort(signal.reason as Error);
        // It may have waited for a connection until now.
        if (signal.aborted) cut();
      },
      onResponseStart(_, statusCode) {
        status = statusCode;
      },
      onResponseData(_, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        signal.removeEventListener('abort', end);
        resolve({ status, text: textOf(chunks) });
      },
      onResponseError(_, error) {
        signal.removeEventListener('abort', end);
        const isConnection = connectionCodes.has((error as { code?: unknown }).code);
        reject(status === 0 && isConnection ? new ConnectionFailed(error) : error);
      },
    });
  });
}

function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  return chunks.length === 1 && first ? first.toString() : Buffer.concat(chunks).toString();
}
