/** What the page shows, and its own address: the part behind `#`. Pure. */

/** What is asked, as texts: whatever was typed is sent, so that the API itself tells what is wrong. */
export interface State {
  /** Where the resizer is. */
  readonly base: string;
  /** The picture's address. */
  readonly u: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Never written into an address that is made to be shared. */
const SECRET = ['k', 's', 'id', 'secret'];

/** An address without what may hold a secret: user, password, query and fragment. Undefined where it is none. */
export function cleanBase(text: string): string | undefined {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  // Some browsers escape a space in a host's name instead of refusing it.
  const isOne = url && /^https?:$/.test(url.protocol) && /^[^%]+$/.test(url.host);
  return isOne ? `${url.origin}${url.pathname}` : undefined;
}

/**
 * @param hash of the page's address, with or without `#`
 * @param start what is shown where it says nothing
 * @returns the state, and the key, where an address that the server printed holds one
 */
export function readState(hash: string, start: State): { state: State; key: string | undefined } {
  const pairs = new URLSearchParams(hash.replace(/^#/, ''));
  const key = pairs.get('k') ?? undefined;
  const base = cleanBase(pairs.get('base') ?? start.base) ?? start.base;
  const u = pairs.get('u');
  if (u === null) return { state: { ...start, base }, key };
  const options = [...pairs].filter(([name]) => !['u', 'base', ...SECRET].includes(name));
  return { state: { base, u, options: Object.fromEntries(options) }, key };
}

/** The other way round. The key stays out: it is not the sharer's to give, and each base has its own. */
export function writeState({ base, u, options }: State, start: State): string {
  const pairs = new URLSearchParams({ u });
  for (const [name, value] of Object.entries(options)) if (!SECRET.includes(name)) pairs.append(name, value);
  if (base !== start.base) pairs.append('base', base);
  // These four are read as they are, and an address is easier to read with them.
  return `#${pairs.toString().replace(/%3A/g, ':').replace(/%2F/g, '/').replace(/%3F/g, '?').replace(/%2C/g, ',')}`;
}
