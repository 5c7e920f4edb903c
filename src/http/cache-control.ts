/** Parses the fields of a response that caching depends on: RFC 9111, section 5, and RFC 5861. Pure. */

/**
 * The directives of a `Cache-Control` field. Times are seconds; undefined if the directive is missing, 0 if it cannot be
 * read (RFC 9111, 4.2.1: invalid freshness information means stale).
 */
export interface CacheControl {
  readonly noStore: boolean;
  readonly isPrivate: boolean;
  readonly noCache: boolean;
  readonly mustRevalidate: boolean;
  readonly proxyRevalidate: boolean;
  readonly immutable: boolean;
  readonly maxAge: number | undefined;
  readonly sMaxage: number | undefined;
  readonly staleWhileRevalidate: number | undefined;
  readonly staleIfError: number | undefined;
}

/** Largest number of seconds (RFC 9111, 1.2.2). */
export const MAX_DELTA_SECONDS = 2_147_483_647;

/** Splits a list at commas outside of quoted strings. Semicolons separate too: some servers write them, and `private` must be seen. */
function splitList(text: string): string[] {
  // An unterminated quote would hide all directives behind it.
  const balanced = (text.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 0 ? text : text.replaceAll('"', '');
  return balanced.match(/(?:"(?:\\.|[^"\\])*"|[^,;"])+/g) ?? [];
}

/** Reads delta-seconds, also in a quoted string (RFC 9111, 5.2: recipients ought to accept both forms); 0 if invalid. */
function seconds(argument: string): number {
  const [, digits] = /^"?(\d+)"?$/.exec(argument) ?? [];
  return digits === undefined ? 0 : Math.min(Number(digits), MAX_DELTA_SECONDS);
}

/**
 * Parses `Cache-Control`. Names are case-insensitive (RFC 9111, 5.2). What is ambiguous falls to the stricter side: of
 * several lifetimes the shortest counts, `private` and `no-cache` count with field names or an empty argument too.
 *
 * @param field the field, or several joined by commas
 */
export function parseCacheControl(field = ''): CacheControl {
  const directives = new Map<string, string[]>();
  for (const part of splitList(field)) {
    const [, name, argument = ''] = /^\s*([^\s="]+)(\s*=\s*[\s\S]*?)?\s*$/.exec(part) ?? [];
    if (name === undefined) continue;
    const key = name.toLowerCase();
    // White space around `=` is not allowed, and makes a lifetime unreadable.
    directives.set(key, [...(directives.get(key) ?? []), argument.slice(1)]);
  }
  const has = (name: string) => directives.has(name);
  const shortest = (name: string) => {
    const given = directives.get(name);
    return given && Math.min(...given.map(seconds));
  };
  return {
    noStore: has('no-store'),
    isPrivate: has('private'),
    noCache: has('no-cache'),
    mustRevalidate: has('must-revalidate'),
    proxyRevalidate: has('proxy-revalidate'),
    immutable: has('immutable'),
    maxAge: shortest('max-age'),
    sMaxage: shortest('s-maxage'),
    staleWhileRevalidate: shortest('stale-while-revalidate'),
    staleIfError: shortest('stale-if-error'),
  };
}

/** Returns the `Age` of a response: the first valid member of a list, 0 if there is none (RFC 9111, 5.1). */
export function parseAge(field = ''): number {
  const valid = field.split(',').find((member) => /^\s*\d+\s*$/.test(member));
  return valid === undefined ? 0 : Math.min(Number(valid), MAX_DELTA_SECONDS);
}

const DAYS = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTHS = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const TIME = '[0-2]\\d:[0-5]\\d:[0-6]\\d';
/** The three formats that a recipient must accept (RFC 9110, 5.6.7), in any case of letters (RFC 9111, 4.2). */
const IMF_FIXDATE = new RegExp(`^${DAYS}, [0-3]\\d ${MONTHS} \\d{4} ${TIME} GMT$`, 'i');
const RFC_850 = new RegExp(
  `^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, ([0-3]\\d)-(${MONTHS})-(\\d{2}) (${TIME}) GMT$`,
  'i',
);
const ASCTIME = new RegExp(`^${DAYS} ${MONTHS} [ 0-3]\\d ${TIME} \\d{4}$`, 'i');

/** Returns the four digits of a year of two: in this century, unless that is more than 50 years ahead (RFC 9110, 5.6.7). */
function fullYear(year: string, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const candidate = thisYear - (thisYear % 100) + Number(year);
  return candidate > thisYear + 50 ? candidate - 100 : candidate;
}

/**
 * Parses a date of HTTP.
 *
 * @param now milliseconds since 1970, for years of two digits
 * @returns milliseconds since 1970; undefined if it has none of the three formats
 */
export function parseHttpDate(text = '', now = Date.now()): number | undefined {
  const [, day, month, year, time] = RFC_850.exec(text) ?? [];
  let standard: string | undefined;
  if (year !== undefined) standard = `${day} ${month} ${fullYear(year, now)} ${time} GMT`;
  else if (IMF_FIXDATE.test(text)) standard = text;
  // In GMT, without saying so.
  else if (ASCTIME.test(text)) standard = `${text} GMT`;
  const parsed = standard === undefined ? Number.NaN : Date.parse(standard);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** Whether a `Vary` field forbids reuse: a `*` anywhere in its list (RFC 9111, 4.1). */
export const variesOnEverything = (field = '') => field.split(',').some((member) => member.trim() === '*');
