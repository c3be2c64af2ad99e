/** Hive Gateway with its planner in Rust, as it was installed for the bench alone. */
import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Given, supergraphFor, tell } from './given.ts';

interface Runtime {
  createGatewayRuntime: (options: object) => RequestListener;
}
interface Router {
  unifiedGraphHandler: unknown;
}

const { urls, folder } = JSON.parse(process.argv[2]!) as Given;
const { resolve } = createRequire(join(folder!, 'package.json'));
const load = (name: string): Promise<unknown> => import(pathToFileURL(resolve(name)).href);
const { createGatewayRuntime } = (await load('@graphql-hive/gateway-runtime')) as Runtime;
const { unifiedGraphHandler } = (await load('@graphql-hive/router-runtime')) as Router;
const runtime = createGatewayRuntime({
  supergraph: supergraphFor(urls),
  unifiedGraphHandler,
  logging: false,
});
const server = createServer(runtime).listen(0, '127.0.0.1');
await once(server, 'listening');
tell((server.address() as AddressInfo).port);
