import ipaddr from 'ipaddr.js';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, buildConnector } from 'undici';
import type { Limits } from './limits.ts';

/** What calls to addresses that partners name go by. */
export interface ReceiverSettings {
  limits: Limits;
  /** For development: http, and addresses of this machine and of private networks. */
  localReceivers: boolean;
  /** Finds a host's addresses; the system's way where left out. */
  resolve?: ((host: string) => Promise<string[]>) | undefined;
}

/** Why an address is not called, for whoever named it. */
export class UnusableReceiver extends Error {}

/** All of the internet's IPv6 that is given out; the rest leads to other networks, or nowhere. */
const globalIPv6 = ipaddr.parseCIDR('2000::/3');

/** Whether the address is one machine's on the internet: none of a private network, none of this machine. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(globalIPv6));
}

/**
 * Checks a receiver's URL, and where its host leads now. It is looked at again whenever it is called:
 * names lead elsewhere tomorrow.
 *
 * @throws UnusableReceiver
 */
export async function checkReceiver(text: string, settings: ReceiverSettings): Promise<void> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'https:' && !(settings.localReceivers && isHttp(url)))) {
    throw new UnusableReceiver('must be an https:// URL');
  }
  if (url.username || url.password) {
    throw new UnusableReceiver('must not hold a name or password');
  }
  if (url.hash) throw new UnusableReceiver('must not have a fragment');
  await addressOf(url.hostname, settings);
}

function isHttp({ protocol }: URL): boolean {
  return protocol === 'http:';
}

/**
 * Opens connections to receivers: each goes to an address that was checked for it, not to what the name
 * leads to a moment later. Redirects are not followed.
 */
export function openReceivers(settings: ReceiverSettings): Agent {
  const { webhookConnectMs, webhookMs, webhookAtOnce } = settings.limits;
  const connect = buildConnector({ timeout: webhookConnectMs });
  return new Agent({
    connections: webhookAtOnce,
    headersTimeout: webhookMs,
    bodyTimeout: webhookMs,
    connect(options, callback) {
      addressOf(options.hostname, settings).then(
        // The host stays: certificates are for names.
        (hostname) => connect({ ...options, hostname }, callback),
        (error: Error) => callback(error, null),
      );
    },
  });
}

/**
 * The address of a host that may be called.
 *
 * @param host as a URL has it: an IPv6 address in brackets
 * @throws UnusableReceiver where any of its addresses is none of the internet's
 */
async function addressOf(host: string, settings: ReceiverSettings): Promise<string> {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(name) ? [name] : await addressesOf(name, settings);
  const [address] = addresses;
  if (address === undefined) throw new UnusableReceiver('names a host that is not found');
  if (!settings.localReceivers && !addresses.every(isPublicAddress)) {
    throw new UnusableReceiver('must lead to public addresses');
  }
  return address;
}

/** None where the name is not known, or nobody says in time. */
async function addressesOf(
  name: string,
  { resolve = lookUp, limits: { lookupMs } }: ReceiverSettings,
): Promise<string[]> {
  const ending = new AbortController();
  const tooLate = sleep(lookupMs, [], { signal: ending.signal }).catch(() => []);
  const found = await Promise.race([resolve(name).catch(() => []), tooLate]);
  ending.abort();
  return found;
}

async function lookUp(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}
