/** The scale of a slider: from its positions to values of a parameter, and back. Pure. */
import type { DocumentedProperty } from '../../schema.ts';

/** Maps slider positions, integers from 0 to `steps`, to parameter values and back. */
export interface Scale {
  readonly steps: number;
  readonly toValue: (position: number) => number;
  readonly toPosition: (value: number) => number;
}

/** Maximum range (maximum − minimum) of a slider. */
const MAX_RANGE = 1e7;
/** Maximum range of a linear slider. */
const MAX_LINEAR_RANGE = 10_000;
/** Minimum ratio of maximum to minimum for a logarithmic scale. */
const MIN_LOGARITHMIC_RATIO = 1000;

const round = (value: number, step: number) => Number((Math.round(value / step) * step).toFixed(4));

function linearScale(minimum: number, maximum: number, step: number): Scale {
  const from = Math.ceil(minimum / step) * step;
  return {
    steps: Math.round((maximum - from) / step),
    toValue: (position) => round(from + position * step, step),
    toPosition: (value) => Math.round((value - from) / step),
  };
}

function logarithmicScale(minimum: number, maximum: number, isInteger: boolean): Scale {
  const steps = 200;
  const ratio = maximum / minimum;
  return {
    steps,
    // Rounds to two significant digits: 640 instead of 637.
    toValue: (position) => {
      const value = Number((minimum * ratio ** (position / steps)).toPrecision(2));
      return Math.min(maximum, Math.max(minimum, isInteger ? Math.round(value) : value));
    },
    toPosition: (value) => Math.round((Math.log(Math.max(value, minimum) / minimum) / Math.log(ratio)) * steps),
  };
}

/** Returns the slider scale of a parameter; undefined without both bounds, or if their range is too large for a slider. */
export function scaleOf({ minimum, maximum, unit, type }: DocumentedProperty): Scale | undefined {
  if (minimum === undefined || maximum === undefined) return undefined;
  // Rotations beyond half a turn repeat others.
  if (unit === '°') return linearScale(-180, 180, 1);
  const isInteger = [type].flat().includes('integer');
  const range = maximum - minimum;
  const step = range <= 2 && !isInteger ? 0.01 : range <= 20 && !isInteger ? 0.1 : 1;
  if (range > MAX_RANGE) return undefined;
  if (minimum >= 0.01 && maximum / minimum >= MIN_LOGARITHMIC_RATIO)
    return logarithmicScale(minimum, maximum, isInteger);
  return range <= MAX_LINEAR_RANGE ? linearScale(minimum, maximum, step) : undefined;
}
