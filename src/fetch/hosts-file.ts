/**
 * Resolves names by the hosts file of the system, as getaddrinfo does before it asks the DNS: names of a container, and local names
 * of a network. The queries of c-ares, which `dns.ts` sends, do not read it. The IP addresses are checked by `ssrf.ts`, like all others.
 */
import { isIP } from 'node:net';

const FILE = '/etc/hosts';
/** Maximum bytes that are read: files that block advertisers have megabytes, and lines at their beginning are enough for names of ours. */
const MAX_BYTES = 1_048_576;
/** Milliseconds until the file is read again. */
const MAX_AGE_MS = 10_000;

/** IP addresses by name in lower case, in the order of the file. */
type Hosts = ReadonlyMap<string, readonly string[]>;

/**
 * Parses a hosts file (hosts(5)): an IP address and its names per line, comments from `#` on. A line whose first word is no IP
 * address is left out.
 */
export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [ip = '', ...names] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (!isIP(ip) || ip.includes('%')) continue;
    for (const name of names) {
      const key = name.toLowerCase().replace(/\.$/, '');
      const ips = hosts.get(key);
      if (!ips) hosts.set(key, [ip]);
      else if (!ips.includes(ip)) ips.push(ip);
    }
  }
  return hosts;
}

/** Reads the beginning of a file, up to its last complete line. Returns nothing if there is none. */
async function readHead(path: string): Promise<string> {
  // Not imported, for a faster cold start: see request.ts.
  const { promises: fs } = process.getBuiltinModule('node:fs');
  try {
    const file = await fs.open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
      const text = buffer.toString('utf8', 0, bytesRead);
      return bytesRead < MAX_BYTES ? text : text.slice(0, text.lastIndexOf('\n') + 1);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

/**
 * Returns a function that looks a name up in a hosts file, which is read when it is first used, and then at most every ten
 * seconds. It returns the IP addresses, IPv4 first; none if the name is not in there.
 */
export function createHostsLookup(path = FILE) {
  let hosts: Promise<Hosts> | undefined;
  let readAt = 0;
  return async (name: string): Promise<readonly string[]> => {
    if (!hosts || Date.now() - readAt > MAX_AGE_MS) {
      readAt = Date.now();
      hosts = readHead(path).then(parseHosts);
    }
    const ips = (await hosts).get(name.toLowerCase()) ?? [];
    return [...ips].sort((a, b) => isIP(a) - isIP(b));
  };
}

/** The hosts file of the system. */
export const lookUpHosts = createHostsLookup();
