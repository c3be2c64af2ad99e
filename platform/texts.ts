import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { limits } from './limits.ts';
import { inBackground } from './mail.ts';
import { writeMessage } from './written-messages.ts';

export interface TextMessage {
  /** E.164. */
  to: string;
  text: string;
}

/** The way out for texts to phones, in the background as mail is. */
export interface Texts {
  /** Takes a message over. One that cannot be sent is logged, and is lost. */
  send(message: TextMessage): void;
  /** Waits for the messages that are under way. */
  settled(): Promise<void>;
}

/**
 * Opens the way out: a provider's address, or that of what speaks to one, which takes each message as
 * JSON; without one, a folder `texts` under the data folder, and the log.
 */
export function openTexts(config: Pick<Config, 'smsUrl' | 'dataDir'>, log: Logger): Texts {
  const deliver = config.smsUrl ? toProvider(config.smsUrl) : toFolder(config.dataDir, log);
  // Neither the number nor the words, which may be a code, go into a log.
  return inBackground(deliver, (error) =>
    log.error({ reason: (error as Error).message }, 'text not sent'),
  );
}

type Deliver = (message: TextMessage) => Promise<void>;

function toProvider(smsUrl: string): Deliver {
  const url = new URL(smsUrl);
  const { username, password } = url;
  const credentials = [username, password].map(decodeURIComponent).join(':');
  url.username = url.password = '';
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return async (message) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(username && { authorization }) },
      body: JSON.stringify(message),
      redirect: 'error',
      signal: AbortSignal.timeout(limits.mailStepMs),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`The provider answered ${answer.status}.`);
  };
}

function toFolder(dataDir: string, log: Logger): Deliver {
  return async ({ to, text }) => {
    const content = `To: ${to}\n\n${text}\n`;
    const file = await writeMessage(dataDir, 'texts', { to, content });
    log.info({ file, text }, 'text written');
  };
}
