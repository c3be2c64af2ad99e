import type { Logger } from 'pino';

/** Writes lines about one request. */
export type RequestLog = Readonly<
  Record<'info' | 'warn' | 'error', (fields: object, text: string) => void>
>;

/** The lines about a request, each with the fields that say so: most have one, and a log of its own costs more. */
export class LinesOfRequest implements RequestLog {
  readonly #log: Logger;
  readonly #own: object;

  constructor(log: Logger, own: object) {
    this.#log = log;
    this.#own = own;
  }

  info(fields: object, text: string): void {
    this.#log.info({ ...this.#own, ...fields }, text);
  }

  warn(fields: object, text: string): void {
    this.#log.warn({ ...this.#own, ...fields }, text);
  }

  error(fields: object, text: string): void {
    this.#log.error({ ...this.#own, ...fields }, text);
  }
}
