/** Requests an image from the API and parses its response. Pure except for the request itself. */

/** The body of an error: RFC 9457 problem details. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly parameter: string; readonly detail: string }[];
}

/** The `Server-Timing` header: the cache status and milliseconds by step. */
export interface ServerTiming {
  readonly cacheStatus: string;
  readonly steps: readonly (readonly [name: string, ms: number])[];
}

/** A response; `ms` is the time until its body was read, `remarks` are sentences about limits and fallbacks. */
export type ApiResponse = {
  readonly ms: number;
  readonly timing: ServerTiming;
  readonly remarks: readonly string[];
} & (
  | { readonly kind: 'image'; readonly blob: Blob; readonly type: string }
  | { readonly kind: 'text'; readonly text: string; readonly type: string }
  | { readonly kind: 'problem'; readonly problem: Problem }
);

/** The `Accept` header that browsers send for images, so that `f=auto` chooses the same format as in a page. */
const ACCEPT = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';

/** Parses `cache;desc=miss, resize;dur=31.3`. */
export function parseServerTiming(header: string | null): ServerTiming {
  const entries = (header ?? '').split(',').map((entry) => entry.trim().split(';'));
  const cacheStatus = entries.find(([name]) => name === 'cache')?.[1]?.replace('desc=', '') ?? '';
  const steps = entries.flatMap(([name = '', value = '']) =>
    value.startsWith('dur=') ? [[name, Number(value.slice(4))] as const] : [],
  );
  return { cacheStatus, steps };
}

/** Response headers that explain an output, each with the sentence for a value. */
const REMARKS: Readonly<Record<string, (value: string, status: number) => string>> = {
  'pixgate-fallback': (code, status) => `fallback image because of ${code} (status ${status})`,
  'pixgate-quality': (quality) => `quality reduced to ${quality}`,
  'pixgate-encoder': (method) => `kept no larger than the source by: ${method}`,
  'pixgate-hdr': (state) => (state === 'gain-map' ? 'HDR gain map kept' : `no HDR gain map: ${state.slice(4)}`),
  'pixgate-source': (state) => `the source is ${state}`,
  'pixgate-degraded': (steps) => `reduced to meet the deadline: ${steps}`,
  'pixgate-frames-of': (frames) => `only the first of ${frames} frames`,
  'pixgate-svg': (parts) => `SVG ${parts.replaceAll('=', ': ')}`,
};

const remarksOf = ({ headers, status }: Response): string[] =>
  Object.entries(REMARKS).flatMap(([name, describe]) => {
    const value = headers.get(name);
    return value ? [describe(value, status)] : [];
  });

/** Returns the problem of a response that is not in pixgate's format, such as a gateway's. */
const foreignResponse = (status: number): Problem => ({
  title: 'Not a pixgate response',
  status,
  code: 'NOT_PIXGATE',
  detail: 'The server responded, but neither with an image nor with application/problem+json. Check the server URL.',
});

const UNREACHABLE: Problem = {
  title: 'No response',
  status: 0,
  code: 'UNREACHABLE',
  detail: 'There is no response that this page may read. Check the server URL, and that the server is running.',
};

/** Parses the body of an error. */
export function readProblem(text: string, status: number): Problem {
  try {
    const document = JSON.parse(text) as Partial<Problem>;
    const { code, detail, errors = [] } = document;
    const isProblem = typeof code === 'string' && typeof detail === 'string' && Array.isArray(errors);
    return isProblem ? ({ ...document, errors } as Problem) : foreignResponse(status);
  } catch {
    return foreignResponse(status);
  }
}

/** Returns whether a text is a JSON object: another server's `application/json` can be anything. */
function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/**
 * Requests a URL. Bypasses the browser's cache, so that timings are the server's.
 *
 * @returns the response; a network error is a problem with the code UNREACHABLE
 * @throws the signal's reason when it aborts
 */
export async function requestUrl(url: string, signal: AbortSignal): Promise<ApiResponse> {
  const start = performance.now();
  const metaOf = (response?: Response) => ({
    ms: performance.now() - start,
    timing: parseServerTiming(response?.headers.get('server-timing') ?? null),
    remarks: response ? remarksOf(response) : [],
  });
  try {
    const response = await fetch(url, {
      signal,
      cache: 'no-store',
      credentials: 'omit',
      headers: { Accept: ACCEPT },
    });
    const type = response.headers.get('content-type')?.replace(/;.*/, '') ?? '';
    if (type.startsWith('image/')) {
      const blob = await response.blob();
      return { kind: 'image', blob, type, ...metaOf(response) };
    }
    const text = await response.text();
    const isTextOutput = response.ok && (type === 'text/plain' || (type === 'application/json' && isJsonObject(text)));
    if (isTextOutput) return { kind: 'text', text, type, ...metaOf(response) };
    return { kind: 'problem', problem: readProblem(text, response.status), ...metaOf(response) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { kind: 'problem', problem: UNREACHABLE, ...metaOf() };
  }
}

const threeDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** Formats bytes with a unit: 172010 → `172 kB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${threeDigits.format(bytes / 1000)} kB` : `${threeDigits.format(bytes / 1e6)} MB`;
}

/** Returns the name of a format or media type: `image/svg+xml` → `SVG`, `jpg` → `JPEG`. */
export function formatName(type: string): string {
  const name = type.replace(/^\w+\//, '').replace(/\+xml$/, '');
  return { webp: 'WebP', jpg: 'JPEG', jpeg: 'JPEG' }[name] ?? name.toUpperCase();
}
