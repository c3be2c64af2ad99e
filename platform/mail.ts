import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import type { Config } from './config.ts';

export interface Message {
  to: string;
  subject: string;
  text: string;
}

/** Sends one message. It resolves once the message is handed over, not once it is read. */
export type Mail = (message: Message) => Promise<void>;

const from = 'Coalition <no-reply@coalition.example>';
const timeoutMs = 5_000;

/**
 * The way out for mail: the SMTP server of the configuration; without one, a folder `mail` under the
 * data folder, and the log, which is where a demo's user reads a code.
 */
export function openMail(config: Pick<Config, 'smtpUrl' | 'dataDir'>, log: Logger): Mail {
  if (config.smtpUrl) {
    const options = { connectionTimeout: timeoutMs, socketTimeout: timeoutMs };
    const transport = createTransport({ url: config.smtpUrl, ...options });
    return async (message) => void (await transport.sendMail({ from, ...message }));
  }
  const folder = join(config.dataDir, 'mail');
  const transport = createTransport({ streamTransport: true, buffer: true });
  let count = 0;
  return async (message) => {
    const { message: eml } = await transport.sendMail({ from, ...message });
    await mkdir(folder, { recursive: true });
    const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const file = join(folder, `${time}-${process.pid}-${++count}.eml`);
    await writeFile(file, eml as Buffer, { mode: 0o600 });
    log.info({ file, subject: message.subject, text: message.text }, 'mail written');
  };
}
