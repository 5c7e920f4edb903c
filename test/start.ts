import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * What `npm start` gives to node: what is measured is what is started. Its flag for V8 is that of Lambda's entries. Under load by
 * many, `--external-memory-accounted-in-global-limit` halves the slowest hits (28 ms for 53), but where one picture comes
 * after another, large ones take up to a fifth more CPU by it.
 */
export const START: readonly string[] = scripts.start.split(' ').slice(1);
