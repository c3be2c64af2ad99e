import { randomUUID } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { limits } from './limits.ts';
import { removeMessages, writeMessage } from './written-messages.ts';

export interface Message {
  to: string;
  subject: string;
  text: string;
}

/** The way out for mail. */
export interface Mail {
  /**
   * Takes a message over, and sends it in the background: who waited for it would learn whether its
   * address takes mail, and would stand still with the mail server. One that cannot be sent is logged,
   * and is lost.
   */
  send(message: Message): void;
  /**
   * Sends a message, and waits for it.
   *
   * @returns whether it is gone; why not is logged. Where the mail server had all of it and said nothing any
   *   more it counts as gone: it may be, and nobody gets a message twice
   */
  deliver(message: Message): Promise<boolean>;
  /** Waits for the messages that are under way. */
  settled(): Promise<void>;
  /**
   * Forgets what went to these addresses and phones: what was written to files, texts too, for what a
   * server took is out of reach.
   */
  forget(addresses: readonly string[]): Promise<void>;
}

const from = 'Coalition <no-reply@coalition.example>';

/**
 * Opens the way out: the SMTP server of the configuration; without one, a folder `mail` under the
 * data folder.
 */
export function openMail(config: Pick<Config, 'smtpUrl' | 'dataDir'>, log: Logger): Mail {
  const { smtpUrl, dataDir } = config;
  const deliver = smtpUrl ? toServer(smtpUrl) : toFolder(dataDir, log);
  const failed = (error: unknown) => {
    const what = error instanceof Unanswered ? 'mail not confirmed' : 'mail not sent';
    log.error(describeFailure(error), what);
  };
  return {
    ...inBackground(smtpUrl ? deliver : toFolder(dataDir, log, { isShown: true }), failed),
    deliver: (message) =>
      deliver(message).then(
        () => true,
        (error: unknown) => {
          failed(error);
          return error instanceof Unanswered;
        },
      ),
    forget: (addresses) => removeMessages(dataDir, addresses),
  };
}

/** Sends messages without letting anybody wait; what fails is handed over, and lost. */
export function inBackground<Sent>(
  deliver: (message: Sent) => Promise<void>,
  failed: (error: unknown) => void,
): { send(message: Sent): void; settled(): Promise<void> } {
  const underWay = new Set<Promise<void>>();
  return {
    send(message) {
      const sending = deliver(message)
        .catch(failed)
        .finally(() => underWay.delete(sending));
      underWay.add(sending);
    },
    settled: async () => void (await Promise.all(underWay)),
  };
}

/** What a mail server answers quotes the address, which no log holds: its codes say enough. */
function describeFailure(error: unknown): object {
  const { code, command, responseCode } = error as Record<string, unknown>;
  return { code, command, responseCode };
}

type Deliver = (message: Message) => Promise<void>;

/** The server had the whole message, and did not say whether it took it. */
class Unanswered extends Error {}

/** Several messages at once, over connections that stay; the URL may set other bounds. */
function toServer(url: string): Deliver {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: limits.mailConnections,
    maxMessages: limits.mailsPerConnection,
    // Over a connection that the server has closed meanwhile: nothing of the message went out.
    maxRequeues: 1,
    rateLimit: limits.mailsPerSecond,
    rateDelta: 1_000,
    idleTimeout: limits.mailIdleMs,
    dnsTimeout: limits.mailStepMs,
    connectionTimeout: limits.mailStepMs,
    greetingTimeout: limits.mailStepMs,
    socketTimeout: limits.mailStepMs,
  });
  const handedOver = new Set<unknown>();
  transport.use('stream', ({ data, message }, done) => {
    message.processFunc((text) => text.once('end', () => handedOver.add(data.messageId)));
    done();
  });
  return async (message) => {
    const messageId = `<${randomUUID()}@coalition.example>`;
    try {
      await transport.sendMail({ from, messageId, ...message });
    } catch (error) {
      const { responseCode } = error as { responseCode?: number };
      if (responseCode || !handedOver.has(messageId)) throw error;
      throw Object.assign(new Unanswered(), error);
    } finally {
      handedOver.delete(messageId);
    }
  };
}

/** @param isShown the log has the words too, which is where a demo's user reads a code */
function toFolder(dataDir: string, log: Logger, { isShown = false } = {}): Deliver {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return async ({ to, ...words }) => {
    const { message } = await transport.sendMail({ from, to, ...words });
    const file = await writeMessage(dataDir, 'mail', { to, content: message as Buffer });
    // Who invites is named by their address, and no log holds one.
    const text = words.text.replaceAll(/[^\s<>]+@[^\s<>]+/g, '…');
    log.info({ file, subject: words.subject, ...(isShown && { text }) }, 'mail written');
  };
}
