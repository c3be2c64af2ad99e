/** This gateway, with its log, limits and signed hops: over HTTP, or with the subgraphs in its process. */
import '../../platform/production.ts';
import { otherIssuer } from '../../gateway/identity-door.ts';
import { start } from '../../gateway/server.ts';
import { type SubgraphClient, httpClient, localClient } from '../../gateway/subgraph-client.ts';
import { databaseClock } from '../../platform/clock.ts';
import { type SubgraphName, readConfig, subgraphNames } from '../../platform/config.ts';
import type { Platform } from '../../platform/context.ts';
import { verifyHop } from '../../platform/hop.ts';
import { openLog } from '../../platform/log.ts';
import { openMail } from '../../platform/mail.ts';
import { openMetrics } from '../../platform/metrics.ts';
import { openTexts } from '../../platform/texts.ts';
import { openTraces } from '../../platform/trace-export.ts';
import { openAnswers } from './answers.ts';
import { type Given, hopKey, tell } from './given.ts';

const { urls } = JSON.parse(process.argv[2]!) as Given;
const share = process.argv[4];
const inProcess = process.argv[3] === 'in-process';
const isKeeping = process.argv[3] === 'keeping';
const given = readConfig({
  HOP_KEYS: `${hopKey.id}:${hopKey.secret}`,
  SEAL_KEY: 'A'.repeat(43),
  HOST: '127.0.0.1',
  // Tokens would be another's: nobody sends one.
  ISSUER: 'https://issuer.example',
  // So many of its requests are traced; none where it is not said.
  ...(share && { OTEL_EXPORTER_OTLP_ENDPOINT: urls.collector }),
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: share,
});
const config = {
  ...given,
  ports: { ...given.ports, gateway: 0 },
  answerCache: isKeeping,
  // Each connection has room, however slow the others make it: what is measured is how fast they are.
  requestsInFlight: 1_000,
  // All requests come from one address: they are counted, and there are too many.
  limits: { ...given.limits, anonymousRequestsPerMinute: 1_000_000_000 },
};
const log = openLog(config.logLevel);
const platform: Platform = {
  log,
  clock: databaseClock,
  metrics: openMetrics(),
  mail: openMail(config, log),
  texts: openTexts(config, log),
};
await openTraces(config, log, 'bench');
const subgraphs = Object.fromEntries(
  subgraphNames.map((name) => [
    name,
    inProcess ? inThisProcess(name) : httpClient(name, urls.signed[name]!, config),
  ]),
) as Record<SubgraphName, SubgraphClient>;
const gateway = await start(config, platform, { subgraphs, identity: otherIssuer(config) });
tell(Number(new URL(await gateway.listen()).port));

function inThisProcess(name: SubgraphName): SubgraphClient {
  const answers = openAnswers(name);
  return localClient({
    async answer(request) {
      if (!verifyHop(config.hopKeys, name, request, config.limits.hopAgeMs)) {
        return { status: 403, body: {} };
      }
      const { text } = await answers(request.body);
      // Made anew for each request, as a subgraph does: the executor writes on it.
      return { status: 200, body: JSON.parse(text.toString()) as object };
    },
  });
}
