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
  /** Sends a message, and waits for it. @returns whether the mail server took it; why not is logged */
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
 * data folder, and the log, which is where a demo's user reads a code.
 */
export function openMail(config: Pick<Config, 'smtpUrl' | 'dataDir'>, log: Logger): Mail {
  const deliver = config.smtpUrl ? toServer(config.smtpUrl) : toFolder(config.dataDir, log);
  const failed = (error: unknown) => log.error(describeFailure(error), 'mail not sent');
  return {
    ...inBackground(deliver, failed),
    deliver: (message) =>
      deliver(message).then(
        () => true,
        (error: unknown) => {
          failed(error);
          return false;
        },
      ),
    forget: (addresses) => removeMessages(config.dataDir, addresses),
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

function toServer(url: string): Deliver {
  const transport = createTransport({
    url,
    dnsTimeout: limits.mailStepMs,
    connectionTimeout: limits.mailStepMs,
    greetingTimeout: limits.mailStepMs,
    socketTimeout: limits.mailStepMs,
  });
  return async (message) => void (await transport.sendMail({ from, ...message }));
}

function toFolder(dataDir: string, log: Logger): Deliver {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return async ({ to, ...words }) => {
    const { message } = await transport.sendMail({ from, to, ...words });
    const file = await writeMessage(dataDir, 'mail', { to, content: message as Buffer });
    // Who invites is named by their address, and no log holds one.
    const text = words.text.replaceAll(/[^\s<>]+@[^\s<>]+/g, '…');
    log.info({ file, subject: words.subject, text }, 'mail written');
  };
}
