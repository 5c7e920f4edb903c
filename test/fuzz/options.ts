/** Reads the arguments of `npm run fuzz`. */
import { parseArgs } from 'node:util';

export interface FuzzOptions {
  /** Number of inputs; without it, the run ends after `minutes`. */
  readonly inputs: number;
  readonly minutes: number;
  readonly seed: number;
  /** The number of the first input: 1234 with `inputs` 1 repeats one input of a run with this seed. */
  readonly first: number;
  /** Only originals whose path has this text, such as `truncated/`. */
  readonly only: string;
}

/** @throws TypeError if an argument is unknown or no number of its kind */
export function fuzzOptions(args: readonly string[]): FuzzOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      inputs: { type: 'string' },
      minutes: { type: 'string' },
      seed: { type: 'string' },
      first: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const number = (name: Exclude<keyof FuzzOptions, 'only'>, otherwise: number) => {
    const value = Number(values[name] ?? otherwise);
    if (Number.isNaN(value) || value < 0) throw new TypeError(`--${name} must be a number, 0 or greater`);
    return value;
  };
  return {
    inputs: number('inputs', Number.POSITIVE_INFINITY),
    minutes: number('minutes', values.inputs === undefined ? 2 : Number.POSITIVE_INFINITY),
    seed: number('seed', Math.floor(Math.random() * 2 ** 31)),
    first: number('first', 0),
    only: values.only ?? '',
  };
}
