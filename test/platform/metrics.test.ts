import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import { openMetrics, serveMetrics } from '../../platform/metrics.ts';
import { measurePool, timedAnswers } from '../../platform/part-metrics.ts';
import { root } from '../../platform/root.ts';
import { jobMetrics } from '../../worker/metrics.ts';
import { type RunningGateway, post, startSmallGateway } from '../support/gateway.ts';
import { freePort } from '../support/ports.ts';
import { testPlatform } from '../support/subgraph.ts';
import { createIssuer } from '../support/tokens.ts';

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}

describe('the dashboard', () => {
  it('shows what is measured, by the labels that there are', () => {
    const metrics = openMetrics();
    gatewayMetrics(metrics);
    jobMetrics(metrics);
    timedAnswers(metrics, 'members', () => Promise.resolve({ status: 200, body: {} }));
    measurePool(metrics, 'members', { driver: { master: {} } } as never);
    const labelsOf = new Map<string, readonly string[]>();
    for (const measure of metrics.getMetricsAsArray()) {
      const { name, labelNames = [] } = measure as { name: string; labelNames?: string[] };
      const isHistogram = measure.constructor.name === 'Histogram';
      if (isHistogram) labelsOf.set(`${name}_bucket`, [...labelNames, 'le']);
      labelsOf.set(isHistogram ? `${name}_count` : name, labelNames);
    }
    const { panels } = JSON.parse(
      readFileSync(join(root, 'ops/grafana/coalition.json'), 'utf8'),
    ) as Dashboard;

    const shown = panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ title, expr, ...readExpression(expr) })),
    );

    for (const { title, expr, names, labels } of shown) {
      expect({ title, expr, unknown: names.filter((name) => !labelsOf.has(name)) }).toEqual({
        title,
        expr,
        unknown: [],
      });
      const known = new Set(['instance', ...names.flatMap((name) => labelsOf.get(name)!)]);
      expect({ expr, unknown: labels.filter((label) => !known.has(label)) }).toEqual({
        expr,
        unknown: [],
      });
    }
    const own = [...labelsOf.keys()].filter((name) => name.startsWith('coalition_'));
    const namesShown = new Set(shown.flatMap(({ names }) => names));
    expect(own.filter((name) => !isShown(name, namesShown))).toEqual([]);
  });
});

/** A histogram is shown by its buckets or by its count. */
function isShown(name: string, shown: ReadonlySet<string>): boolean {
  const other = name.endsWith('_bucket')
    ? name.replace(/_bucket$/, '_count')
    : name.replace(/_count$/, '_bucket');
  return shown.has(name) || shown.has(other);
}

/** The measures and the labels that a query of Prometheus names. */
function readExpression(expr: string): { names: string[]; labels: string[] } {
  const names = expr.match(/\b(coalition|nodejs|process)_\w+/g) ?? [];
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) =>
    list!.split(',').map((label) => label.trim()),
  );
  const matched = [...expr.matchAll(/(\w+)!?=~?"/g)].map(([, label]) => label!);
  return { names: [...new Set(names)], labels: [...grouped, ...matched] };
}

describe('the gateway', () => {
  const memberId = '0c9f0f8e-6a5a-4a8e-8d0c-1d6a2f6f3b11';
  let gateway: RunningGateway;
  let metrics: Registry;
  let authorization: string;

  beforeAll(async () => {
    const issuer = await createIssuer();
    authorization = `Bearer ${await issuer.issue({ sub: memberId, principal: 'member', member_id: memberId })}`;
    metrics = new Registry();
    gateway = await startSmallGateway({
      identity: { keys: issuer.keys, mount: () => Promise.resolve() },
      platform: { ...testPlatform(), metrics, log: pino({ level: 'silent' }) },
      limits: { anonymousRequestsPerMinute: 5 },
    });
  });
  afterAll(() => gateway.drain());

  it('counts requests, operations, errors and calls, by names that no caller has given', async () => {
    const secret = 'canary7';
    const asked = `query ${secret} { partners { id } }`;

    for (let times = 0; times < 2; times++) await post(gateway.url, asked, { authorization });
    await post(gateway.url, '{ nothing }', { authorization });
    await fetch(`${gateway.url}/${secret}`);
    for (let times = 0; times < 6; times++) await post(gateway.url, '{ hop }');

    const text = await metrics.metrics();
    expect(valuesOf(text, 'coalition_gateway_requests_total')).toEqual({
      '{route="/graphql",audience="MEMBER",status="200"}': 2,
      '{route="/graphql",audience="MEMBER",status="400"}': 1,
      '{route="none",audience="NONE",status="404"}': 1,
      '{route="/graphql",audience="PUBLIC",status="200"}': 5,
      '{route="/graphql",audience="NONE",status="429"}': 1,
    });
    expect(valuesOf(text, 'coalition_gateway_operation_seconds_count')).toMatchObject({
      '{audience="MEMBER",outcome="answered"}': 2,
      '{audience="PUBLIC",outcome="answered"}': 5,
    });
    expect(valuesOf(text, 'coalition_gateway_errors_total')).toEqual({
      '{code="GRAPHQL_VALIDATION_FAILED"}': 1,
      '{code="RATE_LIMITED"}': 1,
    });
    expect(valuesOf(text, 'coalition_gateway_rate_limited_total')).toEqual({
      '{rate="anonymous"}': 1,
    });
    // Two operations are planned, each once; what is not valid is looked for, too.
    expect(valuesOf(text, 'coalition_gateway_prepared_operations_total')).toEqual({
      '{result="hit"}': 5,
      '{result="miss"}': 3,
    });
    expect(valuesOf(text, 'coalition_gateway_planning_seconds_count')).toEqual({ '': 2 });
    expect(valuesOf(text, 'coalition_gateway_subgraph_call_seconds_count')).toEqual({
      '{subgraph="partners",outcome="answered"}': 7,
    });
    expect(valuesOf(text, 'coalition_gateway_requests_in_flight')).toEqual({ '': 0 });
    expect(text).not.toContain(secret);
    expect(text).not.toContain(memberId);
  });
});

describe('where they are collected', () => {
  it('is a port of its own, and none unless it is given', async () => {
    const metrics = openMetrics();
    const metricsPort = await freePort();
    expect(await serveMetrics({ metricsPort: null, metricsHost: '127.0.0.1' }, metrics)).toBeNull();

    const server = await serveMetrics({ metricsPort, metricsHost: '127.0.0.1' }, metrics);
    const answer = await fetch(server!.url);
    const other = await fetch(new URL('/', server!.url));
    const posted = await fetch(server!.url, { method: 'POST' });
    await server!.close();

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('nodejs_eventloop_lag_p99_seconds');
    expect([other.status, posted.status]).toEqual([404, 404]);
  });

  it('is not the gateway’s', async () => {
    const gateway = await startSmallGateway();
    const answer = await fetch(`${gateway.url}/metrics`);
    await gateway.drain();

    expect(answer.status).toBe(404);
  });
});

function valuesOf(text: string, name: string): Record<string, number> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)))
      .map((line) => {
        const [labels, value] = line.slice(name.length).split(/ (?=[^ ]+$)/);
        return [labels!, Number(value)];
      }),
  );
}
