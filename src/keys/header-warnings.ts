/** Finds headers for origins that no key may use. Pure. */
import type { SourceBase } from '../fetch/source-bases.ts';
import type { HostHeaders } from '../fetch/source-headers.ts';
import { type HostPattern, hostOf } from '../fetch/source-url.ts';
import type { Key } from './registry.ts';

const isSubdomain = (host: HostPattern, domain: HostPattern) =>
  domain.includeSubdomains && host.name.endsWith(`.${domain.name}`);

/** Whether some host may match both patterns, on whatever port. */
const overlap = (a: HostPattern, b: HostPattern) =>
  (a.name === b.name && a.includeSubdomains === b.includeSubdomains) || isSubdomain(a, b) || isSubdomain(b, a);

/**
 * Returns a sentence for each host that has headers which are never sent: only a key whose `sources` list the host may use them.
 *
 * @param bases that `sources` may name
 */
export function unusedHeaderWarnings(
  headers: readonly HostHeaders[],
  keys: readonly Key[],
  bases: readonly SourceBase[],
): string[] {
  const hosts = keys.flatMap(({ hosts: own = [], baseNames }) => [
    ...own,
    ...bases
      .filter(({ name }) => baseNames.includes(name))
      .map(({ url }) => ({ name: hostOf(new URL(url)), includeSubdomains: false, port: '' })),
  ]);
  return headers
    .filter(({ pattern }) => !hosts.some((host) => overlap(host, pattern)))
    .map(
      ({ pattern: { name, includeSubdomains } }) =>
        `The headers for ${includeSubdomains ? '*.' : ''}${name} are never sent: no key lists that host in its sources.`,
    );
}
