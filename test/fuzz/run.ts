/** Runs a check with many inputs, and prints those that fail. */
import { fuzzOptions } from './options.ts';
import { createRandom, type Random } from './random.ts';

const MAX_FAILURES = 20;

/** A kind of input and its check. */
export interface FuzzTarget {
  /** The command, to repeat one input. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Makes an input and checks it. @returns the kind of outcome, and what is wrong with it if anything is */
  readonly check: (random: Random) => Promise<Outcome> | Outcome;
  /** How many checks run at once; 1 by default. */
  readonly atOnce?: number;
}

interface Outcome {
  readonly outcome: string;
  readonly error?: string | undefined;
  /** The input, if it is text. */
  readonly input?: Buffer;
}

/** Sets the exit code to 1 if an input fails. */
export async function runFuzz({ command, args, check, atOnce = 1 }: FuzzTarget): Promise<void> {
  const { seed, first, inputs, minutes } = fuzzOptions(args);
  const end = performance.now() + minutes * 60_000;
  const outcomes: Record<string, number> = {};
  let [failures, peak, next] = [0, 0, first];
  const work = async () => {
    while (next < first + inputs && performance.now() < end && failures < MAX_FAILURES) {
      const index = next++;
      const { outcome, error, input } = await check(createRandom(seed, index));
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      peak = Math.max(peak, process.memoryUsage.rss());
      if (error === undefined) continue;
      failures += 1;
      console.log(`FAIL ${error}: ${command} --seed ${seed} --first ${index} --inputs 1`);
      if (input !== undefined) console.log(input.toString().slice(0, 2000));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  console.log(`${next - first} inputs, seed ${seed}: ${JSON.stringify(outcomes)}; peak ${Math.round(peak / 1e6)} MB`);
  console.log(failures ? `${failures} failed` : 'passed');
  process.exitCode = failures ? 1 : 0;
}
