/**
 * Decides which hosts may be fetched (server-side request forgery, SSRF). `u` is chosen by an untrusted client; the response
 * must never come from inside our network.
 *
 * The rules are an allow-list: only globally reachable unicast IP addresses pass. They are applied to the string (name,
 * port, literal) and to every IP address that the resolver returns (one bad one refuses the name). `request.ts` then lets
 * the socket connect to the checked IP addresses only, so that nothing can change between check and use.
 *
 * Measured for the choice, over the 209 URLs of `test/fixtures/hostile` that need no redirect, and as CPU of a cold import
 * on top of node:http(s), which the Lambda runtime has loaded anyway (median of 9, one machine):
 *
 * | | forbidden IP addresses connected to | import |
 * | --- | --- | --- |
 * | node:http(s), these rules, ipaddr.js 2.5.0 | 0 | 1.8 ms |
 * | undici 8.13.1, an Agent with a connect function of these rules | 0 | 39.6 ms |
 * | node:http(s), request-filtering-agent 3.2.1 | 6 | 3.9 ms |
 * | node:http(s), no check | 92 | |
 *
 * Sources: RFC 6890, RFC 8190 and the IANA special-purpose registries; RFC 6761 and ICANN's resolution on .internal.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { resolveName } from './dns.ts';
import { forbidden, unresolved } from './errors.ts';
import { lookUpHosts } from './hosts-file.ts';
import type { S3Settings } from './s3.ts';
import { matchesBucket } from './s3-url.ts';
import type { HostHeaders } from './source-headers.ts';
import { type HostPattern, hostOf, matchesHost, type SourceRestriction } from './source-url.ts';

type IpAddress = ReturnType<typeof ipaddr.parse>;
/** A network in CIDR notation, parsed. */
export type Network = [IpAddress, number];

/** Returns all IP addresses of a name. @throws anything when it has none */
export type Resolve = (name: string, signal: AbortSignal) => Promise<string[]>;

/** The settings of a deployment that change these rules, and the resolver, which tests replace. */
export interface SourcePolicy {
  /** IP addresses in these networks may be fetched although they are not public, on any port. */
  readonly allowedNetworks: readonly Network[];
  /** The only hosts that may be fetched; empty for any. */
  readonly allowedHosts?: readonly HostPattern[];
  /** The S3 buckets that may be read, from `parseBucketPattern`. */
  readonly allowedBuckets?: readonly string[];
  /** Where and how buckets are read. */
  readonly s3?: S3Settings;
  /** Our own hosts, `host` or `host:port`: a fetch from ourselves would never end. */
  readonly ownHosts?: readonly string[];
  /** One URL prefix that may be fetched although it is not public: the samples of the local server. */
  readonly localSamplesPrefix?: string | undefined;
  /** What the client may fetch: checked for every redirect, before it is requested; the caller checks the URL itself. */
  readonly restriction?: SourceRestriction | undefined;
  /** Headers for the source, and for redirects on its host. The caller checks that the client may use them. */
  readonly headers?: HostHeaders | undefined;
  /** Takes a description of the requests of each fetch, for the log: hosts, IP addresses, TLS and statuses. */
  readonly onRequests?: ((requests: string) => void) | undefined;
  /** The system's hosts file and DNS by default. */
  readonly resolve?: Resolve | undefined;
  /** Returns the IP addresses of a name in a hosts file; the system's by default, if `resolve` is not set. */
  readonly hosts?: ((name: string) => Promise<readonly string[]>) | undefined;
}

const networks = (...cidrs: string[]): Network[] => cidrs.map((cidr) => ipaddr.parseCIDR(cidr));

/** IPv4 networks that ipaddr.js may call unicast but the registries do not call globally reachable; the last is Azure's host. */
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

const isWithin = (ip: IpAddress, list: readonly Network[]) =>
  list.some(([network, bits]) => network.kind() === ip.kind() && ip.match([network, bits]));

/** ISATAP (RFC 5214, 6.1) has an IPv4 address after the interface id 0000:5efe or 0200:5efe. */
const isIsatap = ({ parts }: ipaddr.IPv6) => parts[5] === 0x5efe && (Number(parts[4]) & 0xfdff) === 0;

/** Whether an IP literal is globally reachable unicast. False for anything that is not a canonical literal. */
export function isPublicIp(literal: string): boolean {
  if (!isIP(literal) || literal.includes('%')) return false;
  const ip = ipaddr.parse(literal);
  if (ip.range() !== 'unicast') return false;
  if (ip instanceof ipaddr.IPv4) return !isWithin(ip, REFUSED_V4);
  return isWithin(ip, GLOBAL_V6) && !isWithin(ip, REFUSED_V6) && !isIsatap(ip);
}

/**
 * Parses a network in CIDR notation.
 *
 * @throws Error when it is invalid, or bits after the prefix are set (`10.1.0.0/8` is a mistake)
 */
export function parseNetwork(cidr: string): Network {
  const network = ipaddr.parseCIDR(cidr);
  const { IPv4, IPv6 } = ipaddr;
  const base = network[0].kind() === 'ipv4' ? IPv4.networkAddressFromCIDR(cidr) : IPv6.networkAddressFromCIDR(cidr);
  if (base.toString() !== network[0].toString()) throw new Error(`${cidr} has bits set after its prefix`);
  return network;
}

/** RFC 6761 and 6762, .internal, .alt, .onion, and names of home and company networks; Lambda's own is sandbox.localdomain. */
const PRIVATE_NAMES =
  /\.(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|arpa|test|invalid|onion|alt)$/;

/** Rejects a URL of our own: a fetch from ourselves would never end. @throws ImageError SOURCE_FORBIDDEN */
export function assertNotOwnHost(
  { host, href }: URL,
  { ownHosts = [], localSamplesPrefix }: Pick<SourcePolicy, 'ownHosts' | 'localSamplesPrefix'>,
): void {
  const isSample = localSamplesPrefix !== undefined && href.startsWith(localSamplesPrefix);
  if (ownHosts.includes(host) && !isSample) throw forbidden('its host is this image resizer itself');
}

/** Rejects a bucket that is not on the list. @param url an `s3:` URL @throws ImageError SOURCE_FORBIDDEN */
export function assertBucketAllowed(url: URL, { allowedBuckets = [] }: SourcePolicy): void {
  if (!allowedBuckets.some((pattern) => matchesBucket(url, pattern)))
    throw forbidden('its bucket is not on the list of this deployment');
}

/**
 * Checks the host as written: our own, not on the list of allowed hosts, or a private name.
 *
 * @returns the entry of the list that matches
 */
function checkHost(url: URL, policy: SourcePolicy, isAllowedLocal: boolean): HostPattern | undefined {
  const { allowedHosts = [] } = policy;
  assertNotOwnHost(url, policy);
  const pattern = allowedHosts.find((allowed) => matchesHost(url, allowed));
  if (allowedHosts.length && !pattern) throw forbidden('its host is not on the list of this deployment');
  const host = hostOf(url);
  if (isPrivateName(host) && !pattern && !isAllowedLocal)
    throw forbidden(isLoopback(host) ? loopbackReason(policy) : 'its host is a private name');
  return pattern;
}

/** Whether a host as written is a name that no public DNS has. */
const isPrivateName = (host: string) => !isIP(host) && (!host.includes('.') || PRIVATE_NAMES.test(host));

/** Whether a host as written is this machine. */
const isLoopback = (host: string) =>
  /(?:^|\.)localhost$/.test(host) ||
  (isIP(host) !== 0 && ['loopback', 'unspecified'].includes(ipaddr.process(host).range()));

/** Returns why this machine is refused. The local server, which has samples, is started by whom the setting helps. */
const loopbackReason = ({ localSamplesPrefix }: SourcePolicy) =>
  localSamplesPrefix === undefined
    ? 'localhost is the machine of the server, and not yours: give a URL that is public'
    : 'its host is localhost. To allow it, start this server with SOURCE_ALLOWED_NETWORKS=127.0.0.0/8,::1/128';

const noHosts = async () => [];
/** Returns the IP addresses of a name in the hosts file, which is not read in the place of a given resolver. */
const lookUpLocally = (name: string, { resolve, hosts = resolve ? noHosts : lookUpHosts }: SourcePolicy) => hosts(name);

/**
 * Returns the IP addresses of a private name that may be fetched, without a DNS look-up: of `localhost` (RFC 6761, 6.3) those in
 * an allowed network, of a name in the hosts file all, if all of them are.
 */
async function allowedLocalIps(host: string, policy: SourcePolicy): Promise<readonly string[]> {
  const { allowedNetworks } = policy;
  const isExempt = (ip: string) => isWithin(ipaddr.parse(ip), allowedNetworks);
  if (allowedNetworks.length === 0 || !isPrivateName(host)) return [];
  if (host === 'localhost') return ['127.0.0.1', '::1'].filter(isExempt);
  const ips = await lookUpLocally(host, policy);
  return ips.every((ip) => isIP(ip) && isExempt(ip)) ? ips : [];
}

/** Resolves a name. @throws ImageError SOURCE_UNAVAILABLE when it has no IP address, or the look-up fails */
async function lookUp(name: string, policy: SourcePolicy, signal: AbortSignal): Promise<readonly string[]> {
  const { resolve = resolveName } = policy;
  let ips: readonly string[];
  try {
    const listed = await lookUpLocally(name, policy);
    ips = listed.length ? listed : await resolve(name, signal);
  } catch (cause) {
    throw unresolved(cause);
  }
  if (ips.length === 0 || !ips.every((ip) => isIP(ip))) throw unresolved(new Error('no IP addresses'));
  return ips;
}

/**
 * Returns the IP addresses that may be connected to for a URL: all of them checked, at most four, IPv4 first.
 *
 * @param signal ends a hanging look-up
 * @throws ImageError SOURCE_FORBIDDEN for what the URL itself shows: host, port, IP literal
 * @throws ImageError SOURCE_UNAVAILABLE for everything that only the resolver knows, always with the same message, so that
 *   it does not reveal which names exist inside our network
 */
export async function resolvePublicIps(url: URL, policy: SourcePolicy, signal: AbortSignal): Promise<string[]> {
  const host = hostOf(url);
  if (policy.localSamplesPrefix && url.href.startsWith(policy.localSamplesPrefix)) return [host];
  const local = await allowedLocalIps(host, policy);
  const pattern = checkHost(url, policy, local.length > 0);
  const ips = isIP(host) ? [host] : local.length ? local : await lookUp(host, policy, signal);
  const isExempt = (ip: string) => isWithin(ipaddr.parse(ip), policy.allowedNetworks);
  const isAllowed = ips.every((ip) => isExempt(ip) || isPublicIp(ip));
  if (isIP(host) && !isAllowed)
    throw forbidden(isLoopback(host) ? loopbackReason(policy) : 'its host is a private or reserved IP address');
  // Before the IP addresses of a name are judged, so that the response to a port reveals nothing about them.
  if (!pattern?.port && !['', '80', '443'].includes(url.port) && !ips.every(isExempt))
    throw forbidden('its port is not 80 or 443');
  if (!isAllowed) throw unresolved(new Error('an IP address is not public'));
  return ips.slice(0, 4);
}
