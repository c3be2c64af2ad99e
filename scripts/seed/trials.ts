import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../../platform/config.ts';
import { openDatabase } from '../../platform/connection.ts';
import { deliverWebhooks } from '../../worker/webhooks.ts';
import type { Brand } from '../demo/brand.ts';
import { type GraphClient, admin, partnerViewer } from './operations.ts';

/** A receiver of all brands' webhooks, for as long as the seed runs, and a worker that calls it. */
export interface TrialReceiver {
  url: string;
  /** Sends what waits. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it on this machine. */
export async function openTrialReceiver(config: Config): Promise<TrialReceiver> {
  const db = await openDatabase(config.databaseUrls.worker, [], config.limits, 'seed');
  const server = createServer((message, response) => {
    message.resume();
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ending = new AbortController().signal;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    async deliver() {
      await deliverWebhooks(db.manager, { ...config, mayGoOn: () => false, ending });
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await db.destroy();
    },
  };
}

interface Trial {
  graph: GraphClient;
  receiver: TrialReceiver;
  /** When it is tried. */
  at: Date;
}

/** Has a brand's systems try, in the sandbox, what onboarding asks for: each step that is missing. */
export async function tryOut(trial: Trial, brand: Brand, partnerId: string): Promise<void> {
  const { graph } = trial;
  const { partner } = await graph.ask<{
    partner: { onboarding: { steps: { code: string; done: boolean }[] } };
  }>(admin, 'query ($id: ID) { partner(id: $id) { onboarding { steps { code done } } } }', {
    id: partnerId,
  });
  const missing = partner.onboarding.steps.filter(({ done }) => !done).map(({ code }) => code);
  if (missing.includes('WEBHOOK')) await tryWebhook(trial, partnerId);
  if (missing.some((code) => code.startsWith('SANDBOX_'))) await trySale(trial, brand, partnerId);
}

async function tryWebhook({ graph, receiver }: Trial, partnerId: string): Promise<void> {
  const systems = { ...partnerViewer(partnerId), sandbox: true };
  const { url } = receiver;
  const input = { partnerId, url, events: ['TEST'], sandbox: true, idempotencyKey: `seed ${url}` };
  const { id } = await graph.change(systems, 'registerWebhook', { input });
  await graph.change(systems, 'testWebhook', { id });
  await receiver.deliver();
}

/** A purchase that is too small to earn anything, and a point paid with. */
async function trySale({ graph, at }: Trial, brand: Brand, partnerId: string): Promise<void> {
  const systems = { ...partnerViewer(partnerId), sandbox: true };
  const displayName = `Tester of ${brand.name}`;
  const trial = await graph.change(systems, 'createSandboxMember', { displayName, points: 1 });
  const member = { id: trial.id };
  const reference = `TRIAL-${trial.id}`;
  const amount = { amount: '0.01', currency: brand.contract.currency };
  const input = { member, kind: 'PURCHASE', reference, occurredAt: at.toISOString(), amount };
  await graph.change(systems, 'recordActivities', { inputs: [input] });
  const idempotencyKey = reference;
  const asked = { member, points: 1, reference, idempotencyKey };
  const { id } = await graph.change(systems, 'holdPoints', { input: asked });
  await graph.change(systems, 'captureHold', { input: { id, idempotencyKey } });
}
