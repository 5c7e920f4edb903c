/** The state of the page, and its encoding in the fragment (`#…`) of the page's URL. Pure. */

/** A request, as strings: invalid values are sent as typed, so that the API itself reports the error. */
export interface State {
  /** Base URL of the server. */
  readonly base: string;
  /** URL of the source image. */
  readonly u: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Parameters that are never written into the page's URL, because that URL is shared. */
const SECRET_PARAMS = ['k', 's', 'id', 'secret'];

/**
 * Returns the base URL without the parts that may hold a secret: userinfo, query and fragment.
 *
 * @param text a URL; without a scheme, https is meant
 * @returns undefined if it is not an http(s) URL
 */
export function cleanBase(text: string): string | undefined {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  // Some browsers escape a space in a host name instead of rejecting it.
  const isHttp = url && /^https?:$/.test(url.protocol) && /^[^%]+$/.test(url.host);
  return isHttp ? `${url.origin}${url.pathname}` : undefined;
}

/**
 * Parses the fragment of the page's URL.
 *
 * @param hash with or without `#`
 * @param initial the state for parts that the fragment does not have
 * @returns the state, and the key, which only a URL printed by the local server has
 */
export function readState(hash: string, initial: State): { state: State; key: string | undefined } {
  const pairs = new URLSearchParams(hash.replace(/^#/, ''));
  const key = pairs.get('k') ?? undefined;
  const base = cleanBase(pairs.get('base') ?? initial.base) ?? initial.base;
  const u = pairs.get('u');
  if (u === null) return { state: { ...initial, base }, key };
  const options = [...pairs].filter(([name]) => !['u', 'base', ...SECRET_PARAMS].includes(name));
  return { state: { base, u, options: Object.fromEntries(options) }, key };
}

/** Encodes a state as a fragment, without the key: a shared URL must not give it away, and each server has its own. */
export function writeState({ base, u, options }: State, initial: State): string {
  const pairs = new URLSearchParams({ u });
  for (const [name, value] of Object.entries(options)) if (!SECRET_PARAMS.includes(name)) pairs.append(name, value);
  if (base !== initial.base) pairs.append('base', base);
  // These four characters need no escape in a fragment, and the URL is easier to read with them.
  return `#${pairs.toString().replace(/%3A/g, ':').replace(/%2F/g, '/').replace(/%3F/g, '?').replace(/%2C/g, ',')}`;
}
