/**
 * Decides which `Host` a request to a server may have. A page of a stranger can point its own name at 127.0.0.1 (DNS
 * rebinding), and then reads the responses of this server, with its demo key, as those of its own origin: the name is still
 * in `Host`. Pure.
 */
import { isIP } from 'node:net';
import { type Problem, problem } from '../errors.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const ALL_ADDRESSES = ['0.0.0.0', '::'];

const bracketed = (host: string) => (isIP(host) === 6 ? `[${host}]` : host);

/**
 * Returns a function that tells whether a `Host` is one of this server: a loopback name or the address that it listens on,
 * with its port, or one of `OWN_HOSTS`. If it listens on all addresses, any IP address and any port fit: those of a container
 * are not known to it, and an IP address has no DNS entry that could change.
 *
 * @param server.host `HOST`: an IP address or a name
 * @param server.port the port that it listens on
 * @param server.ownHosts `OWN_HOSTS`: with their port, or for any proxy in front of this server without
 */
export function createHostCheck({
  host,
  port,
  ownHosts,
}: {
  readonly host: string;
  readonly port: number;
  readonly ownHosts: readonly string[];
}): (header: string | undefined) => boolean {
  const names = [...LOOPBACK, bracketed(host.toLowerCase()), ...ownHosts];
  const known = new Set([...names.map((name) => `${name}:${port}`), ...ownHosts, ...(port === 80 ? names : [])]);
  const isAnyAddress = ALL_ADDRESSES.includes(host);
  return (header) => {
    // Every browser sends one.
    if (header === undefined) return true;
    const authority = header.toLowerCase();
    if (known.has(authority) || known.has(authority.replace(/:(?:80|443)$/, ''))) return true;
    const name = authority.replace(/:\d+$/, '');
    return isAnyAddress && (name === 'localhost' || isIP(name.replace(/^\[(.*)\]$/, '$1')) > 0);
  };
}

const failure = (statusCode: number, message: string): Problem =>
  problem(Object.assign(new Error(message), { expose: true, statusCode }));

/** A name or an IP address, and a port (RFC 9110, 7.2). */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d*)?$/i;

/**
 * Returns why a request is refused because of its `Host`: 400 for several or an invalid one (RFC 9112, 3.2), 421 for that of
 * somebody else (RFC 9110, 15.5.20). Undefined if it is one of this server.
 *
 * @param hosts every value of `Host`
 * @param isOwnHost from `createHostCheck`
 */
export function checkHost(
  hosts: readonly string[],
  isOwnHost: ReturnType<typeof createHostCheck>,
): Problem | undefined {
  if (hosts.length > 1 || hosts.some((host) => !HOST.test(host)))
    return failure(400, 'Send one Host: a name or an IP address, and its port.');
  if (isOwnHost(hosts[0])) return undefined;
  return failure(421, 'This is not a host of this server. If it should be one, add it to OWN_HOSTS.');
}
