import type { Mail, Message } from '../../platform/mail.ts';

/** Mail that is kept to look at. */
export function keptMail(): Mail & { sent: Message[] } {
  const sent: Message[] = [];
  return {
    sent,
    send: (message) => void sent.push(message),
    deliver: (message) => Promise.resolve(sent.push(message) > 0),
    settled: () => Promise.resolve(),
  };
}
