/** What the headers of a response say about its output. Pure. */

/** The `Server-Timing` header: the cache status and milliseconds by step. */
export interface ServerTiming {
  readonly cacheStatus: string;
  readonly steps: readonly (readonly [name: string, ms: number])[];
}

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
  'pixgate-frames-of': (frames) => `only some of ${frames} frames`,
  'pixgate-svg': (parts) => `SVG ${parts.replaceAll('=', ': ')}`,
};

/** Returns sentences about limits and fallbacks. */
export const remarksOf = ({ headers, status }: Response): string[] =>
  Object.entries(REMARKS).flatMap(([name, describe]) => {
    const value = headers.get(name);
    return value ? [describe(value, status)] : [];
  });
