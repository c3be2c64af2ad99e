/**
 * A partner's receiver of webhooks:
 * `WEBHOOK_SECRET=whsec_… npx tsx examples/client/partner/receiver.ts [port]`, 8080 where left out.
 */
import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

export interface WebhookEvent {
  type: string;
  version: number;
  timestamp: string;
  data: Record<string, unknown>;
}

/**
 * Answers 204 once an event was taken, 401 to what the secret has not signed within five minutes, and 500 where taking
 * it failed: it comes again.
 *
 * @param take keeps an event, by its id, since it may come twice; the work itself is done after the answer
 */
export function openReceiver(
  secret: string,
  take: (id: string, event: WebhookEvent) => void | Promise<void>,
): Server {
  const webhook = new Webhook(secret);
  const answer = async (request: IncomingMessage) => {
    const headers = request.headers as Record<string, string>;
    let body = '';
    for await (const piece of request.setEncoding('utf8')) {
      // Messages are small. What is longer is cut, and then signed by nobody.
      if (body.length < 64_000) body += piece as string;
    }
    try {
      // Over the body as it came: parsed and written again, it would be another.
      const event = webhook.verify(body, headers) as WebhookEvent;
      await take(headers['webhook-id']!, event);
      return 204;
    } catch (error) {
      return error instanceof WebhookVerificationError ? 401 : 500;
    }
  };
  return createServer((request, response) => {
    answer(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { WEBHOOK_SECRET } = process.env;
  const [port = '8080'] = process.argv.slice(2);
  if (!WEBHOOK_SECRET) throw new Error('Set WEBHOOK_SECRET.');
  // Yours writes to a table with the id as its key, and works from there.
  const server = openReceiver(WEBHOOK_SECRET, (id, { type, data }) => {
    process.stdout.write(`${id} ${type} ${JSON.stringify(data)}\n`);
  }).listen(Number(port));
  await once(server, 'listening');
}
