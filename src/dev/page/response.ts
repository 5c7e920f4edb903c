/** Requests an image from the API and parses its response. Pure except for the request itself. */
import { parseServerTiming, remarksOf, type ServerTiming } from './response-headers.ts';

/** The body of an error: RFC 9457 problem details. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly parameter: string; readonly detail: string }[];
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

/** Called while a body arrives, with its bytes so far, and all of them if they are known. */
export type OnReceived = (bytes: number, total: number | undefined) => void;

/** Reads a body. @param type its media type */
async function readBlob(response: Response, type: string, onReceived: OnReceived): Promise<Blob> {
  const total = Number(response.headers.get('content-length')) || undefined;
  let bytes = 0;
  const counted = response.body?.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        onReceived(bytes, total);
        controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted, { headers: { 'Content-Type': type } }).blob();
}

/**
 * Requests a URL. Bypasses the browser's cache, so that timings are the server's.
 *
 * @returns the response; a network error is a problem with the code UNREACHABLE
 * @throws the signal's reason when it aborts
 */
export async function requestUrl(
  url: string,
  signal: AbortSignal,
  onReceived: OnReceived = () => {},
): Promise<ApiResponse> {
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
      const blob = await readBlob(response, type, onReceived);
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
