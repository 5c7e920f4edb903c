import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * What `npm start` gives to node: what is measured is what is started. Its flag for V8 is that of Lambda's entries. Under load by
 * many, `--external-memory-accounted-in-global-limit` halves the slowest hits (p99 18 ms for 40: V8 collects everything 4 times
 * a minute for 25), but more than twice the memory is kept then (900 MB for 390), whatever the heap is told to begin with.
 */
export const START: readonly string[] = scripts.start.split(' ').slice(1);
