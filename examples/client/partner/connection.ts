/**
 * What the commands here talk to: the graph that GRAPH names, with TOKEN, or with the tokens of the API client
 * CLIENT_ID and CLIENT_SECRET.
 */
import { type GraphClient, createGraphClient } from '../graph-client.ts';

export function connect(environment = process.env): GraphClient {
  const { GRAPH = 'http://localhost:4000/graphql', TOKEN } = environment;
  const { CLIENT_ID: id, CLIENT_SECRET: secret } = environment;
  if (TOKEN) return createGraphClient({ url: GRAPH, token: () => TOKEN });
  if (!id || !secret) throw new Error('Set TOKEN, or CLIENT_ID and CLIENT_SECRET.');
  const url = new URL('/identity/token', GRAPH).href;
  return createGraphClient({ url: GRAPH, token: clientTokens({ url, id, secret }) });
}

interface ApiClient {
  /** The token endpoint. */
  url: string;
  id: string;
  secret: string;
}

/** Gives the token that is out, and fetches another a minute before it ends. */
export function clientTokens({ url, id, secret }: ApiClient): () => Promise<string> {
  let token = '';
  let until = 0;
  return async () => {
    if (Date.now() < until) return token;
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`No token: ${response.status} ${await response.text()}`);
    const given = (await response.json()) as { access_token: string; expires_in: number };
    token = given.access_token;
    until = Date.now() + (given.expires_in - 60) * 1_000;
    return token;
  };
}
