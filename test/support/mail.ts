import type { Mail, Message } from '../../platform/mail.ts';
import type { TextMessage, Texts } from '../../platform/texts.ts';

/** Mail that is kept to look at. */
export function keptMail(): Mail & { sent: Message[] } {
  const sent: Message[] = [];
  return {
    sent,
    send: (message) => void sent.push(message),
    deliver: (message) => Promise.resolve(sent.push(message) > 0),
    settled: () => Promise.resolve(),
    forget: () => Promise.resolve(),
  };
}

/** Texts that are kept to look at. */
export function keptTexts(): Texts & { sent: TextMessage[] } {
  const sent: TextMessage[] = [];
  return { sent, send: (message) => void sent.push(message), settled: () => Promise.resolve() };
}
