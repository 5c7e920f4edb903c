/** What the API answered, taken apart. Pure but for the request itself. */

export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly parameter: string; readonly detail: string }[];
}

/** Where the time went, as `Server-Timing` has it. */
export interface Timing {
  readonly cache: string;
  readonly spent: readonly (readonly [name: string, ms: number])[];
}

export type Answer = { readonly ms: number; readonly timing: Timing; readonly notes: readonly string[] } & (
  | { readonly kind: 'picture'; readonly blob: Blob; readonly type: string }
  | { readonly kind: 'text'; readonly text: string; readonly type: string }
  | { readonly kind: 'problem'; readonly problem: Problem }
);

/** As browsers ask for pictures, so that `f=auto` chooses as it would in a page. */
const ACCEPT = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';

/** `cache;desc=miss, resize;dur=31.3` → where the answer came from, and milliseconds by what they were spent on. */
export function readTiming(header: string | null): Timing {
  const entries = (header ?? '').split(',').map((entry) => entry.trim().split(';'));
  const cache = entries.find(([name]) => name === 'cache')?.[1]?.replace('desc=', '') ?? '';
  const spent = entries.flatMap(([name = '', value = '']) =>
    value.startsWith('dur=') ? [[name, Number(value.slice(4))] as const] : [],
  );
  return { cache, spent };
}

/** What the answer's own headers tell of how the picture was made, in words. */
const NOTES: Readonly<Record<string, (value: string, status: number) => string>> = {
  'pixgate-fallback': (code, status) => `instead of the picture: ${code} (status ${status})`,
  'pixgate-quality': (quality) => `quality lowered to ${quality}`,
  'pixgate-encoder': (how) => `kept small by: ${how}`,
  'pixgate-degraded': (what) => `made in a hurry: ${what}`,
  'pixgate-frames-of': (frames) => `first frames of ${frames}`,
};

const notesOf = ({ headers, status }: Response): string[] =>
  Object.entries(NOTES).flatMap(([name, say]) => {
    const value = headers.get(name);
    return value ? [say(value, status)] : [];
  });

/** An answer of something that is no pixgate, or of a gateway before it. */
const notOurs = (status: number): Problem => ({
  title: 'This is no answer of pixgate',
  status,
  code: 'NOT_PIXGATE',
  detail: 'What answers at this address speaks HTTP, and no application/problem+json. Look at the server in the form.',
});

const UNREACHABLE: Problem = {
  title: 'No answer',
  status: 0,
  code: 'UNREACHABLE',
  detail: 'Nothing answered that this page may read. Is the server’s address right, and is it running?',
};

function readProblem(text: string, status: number): Problem {
  try {
    const document = JSON.parse(text) as Partial<Problem>;
    const { code, detail, errors = [] } = document;
    const isOurs = typeof code === 'string' && typeof detail === 'string' && Array.isArray(errors);
    return isOurs ? ({ ...document, errors } as Problem) : notOurs(status);
  } catch {
    return notOurs(status);
  }
}

/** What another server may call JSON can be anything. */
function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/**
 * Asks for an address. The browser's own cache is left out: what is shown is what the server did.
 *
 * @throws the signal's reason when it ends
 */
export async function ask(address: string, signal: AbortSignal): Promise<Answer> {
  const start = performance.now();
  const found = (response?: Response) => ({
    ms: performance.now() - start,
    timing: readTiming(response?.headers.get('server-timing') ?? null),
    notes: response ? notesOf(response) : [],
  });
  try {
    const response = await fetch(address, {
      signal,
      cache: 'no-store',
      credentials: 'omit',
      headers: { Accept: ACCEPT },
    });
    const type = response.headers.get('content-type')?.replace(/;.*/, '') ?? '';
    if (type.startsWith('image/')) {
      const blob = await response.blob();
      return { kind: 'picture', blob, type, ...found(response) };
    }
    const text = await response.text();
    const isFact = response.ok && (type === 'text/plain' || (type === 'application/json' && isObject(text)));
    if (isFact) return { kind: 'text', text, type, ...found(response) };
    return { kind: 'problem', problem: readProblem(text, response.status), ...found(response) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: 'problem', problem: UNREACHABLE, ...found() };
  }
}

const threeDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** 172010 → `172 kB`. */
export function inBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${threeDigits.format(bytes / 1000)} kB` : `${threeDigits.format(bytes / 1e6)} MB`;
}

/** `image/svg+xml`, `jpg` → the format's name. */
export function formatName(type: string): string {
  const name = type.replace(/^\w+\//, '').replace(/\+xml$/, '');
  return { webp: 'WebP', jpg: 'JPEG', jpeg: 'JPEG' }[name] ?? name.toUpperCase();
}

/** `−87 %`; larger results are told, too. */
export function saving(before: number, after: number): string {
  const percent = Math.round((1 - after / before) * 100);
  return percent >= 0 ? `−${percent} %` : `+${-percent} %`;
}
