/** Resolves host names to IP addresses. They are checked by `ssrf.ts`, not here. */
import { promises as dns } from 'node:dns';
import { setTimeout } from 'node:timers/promises';

/** Milliseconds that AAAA records may come later than A records (RFC 8305, 3): some resolvers never respond to AAAA. */
const RESOLUTION_DELAY_MS = 50;

/**
 * Resolves a name by c-ares rather than getaddrinfo: it can be cancelled, and a hanging look-up does not occupy one of
 * libuv's four threads.
 *
 * @param signal cancels the look-up
 * @param servers of tests; the system's by default
 * @returns IPv4 addresses before IPv6 addresses
 * @throws Error of `node:dns` when there are none
 */
export async function resolveName(name: string, signal: AbortSignal, servers?: string[]): Promise<string[]> {
  const resolver = new dns.Resolver();
  if (servers) resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const ipv6 = resolver.resolve6(name).catch((): string[] => []);
  try {
    const ipv4 = await resolver.resolve4(name).catch((error: unknown) => ({ error }));
    if (!Array.isArray(ipv4)) {
      const ips = await ipv6;
      if (ips.length) return ips;
      throw ipv4.error;
    }
    return [...ipv4, ...(await Promise.race([ipv6, setTimeout(RESOLUTION_DELAY_MS, [])]))];
  } finally {
    signal.removeEventListener('abort', cancel);
    resolver.cancel();
  }
}
