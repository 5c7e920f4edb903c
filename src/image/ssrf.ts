/**
 * Which addresses may be fetched. `u` is chosen by a stranger; the answer must never come from inside our network.
 *
 * The rules are an allow-list: only globally reachable unicast addresses pass. They are applied to the string (scheme,
 * port, name, literal), to every answer of the resolver (one bad answer refuses the name), and `source.ts` then lets the
 * socket connect to the checked list only, so that nothing can change between check and use.
 *
 * Cold import, CPU, median of 9 on one machine: ipaddr.js 1.8 ms on top of node:http(s), which the Lambda runtime has
 * loaded anyway; request-filtering-agent 3.9 ms; undici 39.6 ms. Sources: RFC 6890, RFC 8190 and the IANA
 * special-purpose registries; RFC 6761 and ICANN's resolution on .internal for names.
 */
import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ImageError } from '../errors.ts';

type Address = ReturnType<typeof ipaddr.parse>;
/** A network in CIDR notation, parsed. */
export type Network = [Address, number];

/** What a deployment may change about the rules, and the seam that tests use. */
export interface SourcePolicy {
  /** Addresses in these networks may be fetched although they are not public, on any port. */
  readonly allowedNetworks: readonly Network[];
  /** One address prefix that may be fetched although it is not public: the local server's own samples. */
  readonly ownSamples?: string;
  /** All addresses of a name. The system's DNS by default. */
  readonly resolve?: (name: string, signal: AbortSignal) => Promise<string[]>;
}

const networks = (...list: string[]): Network[] => list.map((cidr) => ipaddr.parseCIDR(cidr));

/** IPv4 that ipaddr.js calls unicast and the registries do not call globally reachable; the last is Azure's host. */
const REFUSED_V4 = networks(
  '192.0.0.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.175.48.0/24', '198.18.0.0/15', '168.63.129.16/32',
); // biome-ignore format: a table
const GLOBAL_V6 = networks('2000::/3');
/** Inside 2000::/3: protocol assignments with Teredo and ORCHID, documentation, 6to4, 6bone, AS112. */
const REFUSED_V6 = networks('2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '3ffe::/16', '2620:4f:8000::/48');

const within = (address: Address, list: readonly Network[]) =>
  list.some(([network, bits]) => network.kind() === address.kind() && address.match([network, bits]));

/** ISATAP (RFC 5214, 6.1) carries an IPv4 address behind the interface id 0000:5efe or 0200:5efe. */
const isIsatap = ({ parts }: { parts: number[] }) => parts[5] === 0x5efe && (Number(parts[4]) & 0xfdff) === 0;

/** Whether an IP literal is globally reachable unicast. Anything that is no canonical literal is not. */
export function isPublicAddress(literal: string): boolean {
  if (!isIP(literal) || literal.includes('%')) return false;
  const address = ipaddr.parse(literal);
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv4') return !within(address, REFUSED_V4);
  return (
    within(address, GLOBAL_V6) && !within(address, REFUSED_V6) && !isIsatap(address as unknown as { parts: number[] })
  );
}

/** Parses a CIDR. @throws Error when it is none, or when bits behind the prefix are set (`10.1.0.0/8` is a slip). */
export function parseNetwork(cidr: string): Network {
  const network = ipaddr.parseCIDR(cidr);
  const first =
    network[0].kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  if (first.toString() !== network[0].toString()) throw new Error(`${cidr} has bits set behind its prefix`);
  return network;
}

const invalid = (why: string) => new ImageError('QUERY_INVALID', `u ${why}`);
const forbidden = (why: string) => new ImageError('SOURCE_FORBIDDEN', `This address may not be fetched: ${why}.`);

/** `host`, `host:port` and `//host` mean https; `http%3A…` was encoded twice by an old integration. */
function withScheme(text: string): string {
  const once = /^https?%3A/i.test(text) ? decodeURIComponent(text) : text;
  if (once.startsWith('//')) return `https:${once}`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(once) && !/^[^/?#:]+:\d+(?:[/?#]|$)/.test(once)) return once;
  return `https://${once}`;
}

/**
 * The address in `u`, or a redirect's absolute target, as a URL. Only what is visible in the string is judged, and the
 * value is never echoed: it can hold a password.
 *
 * WHATWG URL repairs silently (tabs, backslashes, missing slashes); what it would repair is refused here, since the next
 * program in the chain may repair it otherwise. Its own `%25`, `%2F`, `+` and query stay as they are; a fragment goes.
 *
 * @param text at most 2048 characters
 * @throws ImageError QUERY_INVALID
 */
export function parseAddress(text: string): URL {
  checkCharacters(text);
  let address: string;
  try {
    address = withScheme(text);
  } catch {
    throw invalid('is not percent-encoded UTF-8');
  }
  const [, authority] = /^https?:\/\/([^/?#]+)/i.exec(address) ?? [];
  if (authority === undefined) throw invalid('must be an http(s) address, such as https://example.com/cat.jpg');
  if (/@|%40/.test(authority)) throw invalid('must not hold a user name or password');
  if (!URL.canParse(address)) throw invalid('is not a valid http(s) address');
  const url = new URL(address);
  url.hash = '';
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  if (!url.hostname.startsWith('[') && !isHostName(url.hostname)) throw invalid('has no valid host name');
  return url;
}

function checkCharacters(text: string): void {
  if (text.length > 2048) throw invalid('is longer than 2048 characters');
  if (/[\u0000-\u001f\u007f\\]/.test(text)) throw invalid('holds a control character or a backslash');
}

/** The target of a redirect, relative to where it came from (RFC 9110, 10.2.2), under the same rules. @throws ImageError QUERY_INVALID */
export function parseRedirect(location: string, from: URL): URL {
  checkCharacters(location);
  return parseAddress(URL.parse(location, from.href)?.href ?? location);
}

/** RFC 1123, 2.1, and underscores, which real hosts have. */
const isHostName = (name: string) =>
  name.length <= 253 && name.split('.').every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));

/** RFC 6761 and 6762, .internal, .alt, .onion, and what home and company networks use; Lambda's own is sandbox.localdomain. */
const PRIVATE_NAMES =
  /\.(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|arpa|test|invalid|onion|alt)$/;

const literalOf = ({ hostname }: URL) => (isIP(hostname) ? hostname : hostname.replace(/^\[(.*)\]$/, '$1'));
const isAllowed = (literal: string, policy: SourcePolicy) =>
  isIP(literal) !== 0 && (isPublicAddress(literal) || within(ipaddr.parse(literal), policy.allowedNetworks));

/**
 * The addresses that may be dialled for a URL, all of them checked, at most four, IPv4 first.
 *
 * @param signal ends a hanging look-up
 * @throws ImageError SOURCE_FORBIDDEN for what the string itself shows: literal, name, port
 * @throws ImageError SOURCE_UNAVAILABLE for everything that only the resolver knows, always with the same text, so that
 *   nobody can learn from it which names exist inside
 */
export async function allowedAddresses(url: URL, policy: SourcePolicy, signal: AbortSignal): Promise<string[]> {
  const literal = literalOf(url);
  if (policy.ownSamples && url.href.startsWith(policy.ownSamples)) return [literal];
  const exempt = isIP(literal) !== 0 && within(ipaddr.parse(literal), policy.allowedNetworks);
  if (isIP(literal) && !isAllowed(literal, policy)) throw forbidden('it is not a public one');
  if (!isIP(literal) && (!literal.includes('.') || PRIVATE_NAMES.test(literal)))
    throw forbidden('its host is a private name');
  if (isIP(literal)) {
    if (!exempt) checkPort(url);
    return [literal];
  }
  const answers = await (policy.resolve ?? resolveName)(literal, signal).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  if (answers.length === 0) throw unreachable(new Error('no addresses'));
  if (!answers.every((answer) => isAllowed(answer, policy))) throw unreachable(new Error('an address is not public'));
  if (!answers.every((answer) => within(ipaddr.parse(answer), policy.allowedNetworks))) checkPort(url);
  return answers.slice(0, 4);
}

function checkPort({ port }: URL): void {
  if (!['', '80', '443'].includes(port)) throw forbidden('its port is not 80 or 443');
}

/** The one answer for a name that does not exist, points inward, refuses or does not answer. */
export const unreachable = (cause: unknown) =>
  new ImageError('SOURCE_UNAVAILABLE', 'The host of this address could not be reached.', { cause });

/** c-ares rather than getaddrinfo: it can be cancelled, and a hung look-up does not hold one of libuv's four threads. */
async function resolveName(name: string, signal: AbortSignal): Promise<string[]> {
  const resolver = new dns.Resolver();
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const answers = [v4, v6].flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    if (answers.length === 0 && v4.status === 'rejected') throw v4.reason;
    return answers;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
