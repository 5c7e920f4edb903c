/**
 * Which addresses may be fetched. `u` is chosen by a stranger; the answer must never come from inside our network.
 *
 * The rules are an allow-list: only globally reachable unicast addresses pass. They are applied to the string (name,
 * port, literal), to every answer of the resolver (one bad answer refuses the name), and `source.ts` then lets the
 * socket connect to the checked list only, so that nothing can change between check and use.
 *
 * Measured for the choice, over the 209 addresses of `test/fixtures/hostile` that need no redirect, and as CPU of a cold
 * import on top of node:http(s), which the Lambda runtime has loaded anyway (median of 9, one machine):
 *
 * | | forbidden addresses dialled | import |
 * | --- | --- | --- |
 * | node:http(s), these rules, ipaddr.js 2.5.0 | 0 | 1.8 ms |
 * | undici 8.13.1, an Agent with a connect function of these rules | 0 | 39.6 ms |
 * | node:http(s), request-filtering-agent 3.2.1 | 6 | 3.9 ms |
 * | node:http(s), no check | 92 | |
 *
 * Sources: RFC 6890, RFC 8190 and the IANA special-purpose registries; RFC 6761 and ICANN's resolution on .internal.
 */
import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import ipaddr from 'ipaddr.js';
import { ImageError } from '../errors.ts';
import { type HostPattern, hostOf, matchesHost, s3Parts } from './source-url.ts';

type Address = ReturnType<typeof ipaddr.parse>;
/** A network in CIDR notation, parsed. */
export type Network = [Address, number];

/** All addresses of a name. @throws anything when there are none */
export type Resolve = (name: string, signal: AbortSignal) => Promise<string[]>;

/** What a deployment may change about the rules, and the seam that tests use. */
export interface SourcePolicy {
  /** Addresses in these networks may be fetched although they are not public, on any port. */
  readonly allowedNetworks: readonly Network[];
  /** The only hosts that may be fetched; empty for any. */
  readonly allowedHosts?: readonly HostPattern[];
  /** The S3 buckets that may be read. */
  readonly allowedBuckets?: readonly string[];
  /** Our own names, `host` or `host:port`: a fetch from ourselves would never end. */
  readonly ownHosts?: readonly string[];
  /** One address prefix that may be fetched although it is not public: the local server's own samples. */
  readonly localSamplesPrefix?: string | undefined;
  /** The system's DNS by default. */
  readonly resolve?: Resolve | undefined;
}

const networks = (...list: string[]): Network[] => list.map((cidr) => ipaddr.parseCIDR(cidr));

/** IPv4 that ipaddr.js may call unicast and the registries do not call globally reachable; the last is Azure's host. */
const REFUSED_V4 = networks(
  '192.0.0.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '168.63.129.16/32',
);
const GLOBAL_V6 = networks('2000::/3');
/** Inside 2000::/3: protocol assignments with Teredo and ORCHID, documentation, 6to4, 6bone, AS112. */
const REFUSED_V6 = networks('2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '3ffe::/16', '2620:4f:8000::/48');

const within = (address: Address, list: readonly Network[]) =>
  list.some(([network, bits]) => network.kind() === address.kind() && address.match([network, bits]));

/** ISATAP (RFC 5214, 6.1) carries an IPv4 address behind the interface id 0000:5efe or 0200:5efe. */
const isIsatap = ({ parts }: ipaddr.IPv6) => parts[5] === 0x5efe && (Number(parts[4]) & 0xfdff) === 0;

/** Whether an IP literal is globally reachable unicast. Anything that is no canonical literal is not. */
export function isPublicIp(literal: string): boolean {
  if (!isIP(literal) || literal.includes('%')) return false;
  const address = ipaddr.parse(literal);
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv4) return !within(address, REFUSED_V4);
  return within(address, GLOBAL_V6) && !within(address, REFUSED_V6) && !isIsatap(address);
}

/** Parses a CIDR. @throws Error when it is none, or when bits behind the prefix are set (`10.1.0.0/8` is a slip). */
export function parseNetwork(cidr: string): Network {
  const network = ipaddr.parseCIDR(cidr);
  const { IPv4, IPv6 } = ipaddr;
  const first = network[0].kind() === 'ipv4' ? IPv4.networkAddressFromCIDR(cidr) : IPv6.networkAddressFromCIDR(cidr);
  if (first.toString() !== network[0].toString()) throw new Error(`${cidr} has bits set behind its prefix`);
  return network;
}

const forbidden = (why: string) => new ImageError('SOURCE_FORBIDDEN', `This address may not be fetched: ${why}.`);

/** RFC 6761 and 6762, .internal, .alt, .onion, and what home and company networks use; Lambda's own is sandbox.localdomain. */
const PRIVATE_NAMES =
  /\.(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|arpa|test|invalid|onion|alt)$/;

/** The one answer for a name that does not exist, points inward, refuses or does not answer. */
export const unreachable = (cause: unknown) =>
  new ImageError('SOURCE_UNAVAILABLE', 'The host of this address could not be reached.', { cause });

/** @throws ImageError SOURCE_FORBIDDEN when the address is one of ours: a fetch from ourselves would never end */
export function assertNotOwnHost(
  { host, href }: URL,
  { ownHosts = [], localSamplesPrefix }: Pick<SourcePolicy, 'ownHosts' | 'localSamplesPrefix'>,
): void {
  const isSample = localSamplesPrefix !== undefined && href.startsWith(localSamplesPrefix);
  if (ownHosts.includes(host) && !isSample) throw forbidden('it is one of this resizer itself');
}

/** What the string itself shows: our own host, a host that is not on the list, a private name. Returns the entry that lists it. */
function checkHost(url: URL, policy: SourcePolicy, isAllowedName: boolean): HostPattern | undefined {
  const { allowedHosts = [] } = policy;
  assertNotOwnHost(url, policy);
  const listed = allowedHosts.find((pattern) => matchesHost(url, pattern));
  if (allowedHosts.length && !listed) throw forbidden('its host is not one that this deployment allows');
  const host = hostOf(url);
  if (!listed && !isAllowedName && !isIP(host) && (!host.includes('.') || PRIVATE_NAMES.test(host)))
    throw forbidden('its host is a private name');
  return listed;
}

/** What `localhost` means (RFC 6761, 6.3), as far as it is in an allowed network: the DNS is not asked for it. */
const allowedLoopback = ({ allowedNetworks }: SourcePolicy) =>
  ['127.0.0.1', '::1'].filter((address) => within(ipaddr.parse(address), allowedNetworks));

/** @throws ImageError SOURCE_FORBIDDEN when the bucket of an `s3:` address is not on the list */
export function assertBucketAllowed(address: URL, { allowedBuckets = [] }: SourcePolicy): void {
  if (!allowedBuckets.includes(s3Parts(address).bucket))
    throw forbidden('its bucket is not one that this deployment allows');
}

/**
 * The addresses that may be dialled for a URL, all of them checked, at most four, IPv4 first.
 *
 * @param signal ends a hanging look-up
 * @throws ImageError SOURCE_FORBIDDEN for what the string itself shows: host, port, literal
 * @throws ImageError SOURCE_UNAVAILABLE for everything that only the resolver knows, always with the same text, so that
 *   nobody can learn from it which names exist inside
 */
export async function resolvePublicIps(url: URL, policy: SourcePolicy, signal: AbortSignal): Promise<string[]> {
  const host = hostOf(url);
  if (policy.localSamplesPrefix && url.href.startsWith(policy.localSamplesPrefix)) return [host];
  const loopback = host === 'localhost' ? allowedLoopback(policy) : [];
  const listed = checkHost(url, policy, loopback.length > 0);
  const addresses = isIP(host) ? [host] : loopback.length ? loopback : await lookUp(host, policy, signal);
  const exempt = (address: string) => within(ipaddr.parse(address), policy.allowedNetworks);
  // Before the answers are judged, so that a port tells nothing about them.
  if (!listed?.port && !['', '80', '443'].includes(url.port) && !addresses.every(exempt))
    throw forbidden('its port is not 80 or 443');
  if (!addresses.every((address) => exempt(address) || isPublicIp(address)))
    throw isIP(host) ? forbidden('it is not a public one') : unreachable(new Error('an address is not public'));
  return addresses.slice(0, 4);
}

async function lookUp(name: string, { resolve = resolveName }: SourcePolicy, signal: AbortSignal): Promise<string[]> {
  let answers: string[];
  try {
    answers = await resolve(name, signal);
  } catch (cause) {
    throw unreachable(cause);
  }
  if (answers.length === 0 || !answers.every((answer) => isIP(answer))) throw unreachable(new Error('no addresses'));
  return answers;
}

/**
 * c-ares rather than getaddrinfo: it can be cancelled, and a hung look-up does not hold one of libuv's four threads.
 *
 * @param servers for tests; the system's by default
 */
export async function resolveName(name: string, signal: AbortSignal, servers?: string[]): Promise<string[]> {
  const resolver = new dns.Resolver();
  if (servers) resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const six = resolver.resolve6(name).catch((): string[] => []);
  try {
    const four = await resolver.resolve4(name).catch((error: unknown) => ({ error }));
    if (!Array.isArray(four)) {
      const answers = await six;
      if (answers.length) return answers;
      throw four.error;
    }
    // Some resolvers never answer for AAAA: RFC 8305, 3, gives it 50 ms once there is an A.
    return [...four, ...(await Promise.race([six, setTimeout(50, [])]))];
  } finally {
    signal.removeEventListener('abort', cancel);
    resolver.cancel();
  }
}
