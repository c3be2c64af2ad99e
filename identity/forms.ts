import type { IncomingMessage } from 'node:http';
import type Provider from 'oidc-provider';
import { Refusal } from '../platform/errors.ts';

/** One request, as the provider's server has it. */
export type Koa = Parameters<Parameters<Provider['use']>[0]>[0];

/** Longer than any form of ours. */
const bytesMax = 10_000;

/** Reads what a page's form sends. @throws Refusal INVALID it is none, or too long */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    throw new Refusal('INVALID', 'This is no form.');
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Refusal('INVALID', 'This form is too long.');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
