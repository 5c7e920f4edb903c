/** Runs every class once before it is measured, and inspects the outputs: their work, bytes and quality. */
import { CLASSES, classOf, qualityOf, type Work } from './classes.ts';
import { type BenchRun, type Cell, cellOf, expectStatus } from './measure.ts';
import { createSsim, decodeOnWhite, mismatch, type Pixels, reference } from './quality.ts';
import type { Scorer } from './ssimulacra2.ts';

/** The metrics of a run, and the references by class and height. */
function createJudge(log: (line: string) => void, scorer: Scorer | undefined) {
  const ssim = createSsim().catch((error: Error) => void log(`no SSIM: ${error.message}`));
  if (!scorer) log('no SSIMULACRA2: set SSIMULACRA2 to a program that measures it, see ssimulacra2.ts');
  const references = new Map<string, Promise<Pixels>>();
  return async (source: Buffer, work: Work, output: Buffer): Promise<Pick<Cell, 'ssim' | 'score'>> => {
    const actual = await decodeOnWhite(output);
    const key = `${classOf(work)} ${actual.height}`;
    const resized = references.get(key) ?? reference(source, work, actual.height);
    references.set(key, resized);
    const [expected, compare] = [await resized, await ssim];
    const score = await scorer?.(actual, expected);
    return { ...(compare && { ssim: compare(actual, expected) }), ...(score !== undefined && { score }) };
  };
}

/** Runs each class once without counting: it warms up the processes, and inspects the outputs. */
export async function warmUp(
  { contestants, sources, fresh, cells }: BenchRun,
  log: (line: string) => void,
  scorer: Scorer | undefined,
) {
  const judge = createJudge(log, scorer);
  for (const work of CLASSES) {
    const source = sources[work.role].bytes;
    const judged: { body: Buffer; metrics: Awaited<ReturnType<typeof judge>> }[] = [];
    const inspect = async (body: Buffer) => {
      const same = judged.find((output) => output.body.equals(body));
      const metrics = same?.metrics ?? (await judge(source, work, body));
      if (!same) judged.push({ body, metrics });
      return { bytes: body.length, ...metrics };
    };
    for (const contestant of contestants) {
      const cell = cellOf(cells, classOf(work), contestant);
      const ask = async (q?: number) => {
        const response = await contestant.misses.ask({ ...work, source: fresh(work.role), ...(q && { q }) });
        expectStatus(response);
        return response.body;
      };
      try {
        const body = await ask();
        const why = await mismatch(body, source, work, contestant.onlyPng);
        Object.assign(cell, why ? { why, bytes: body.length } : await inspect(body));
        if (why || !scorer || !qualityOf(work.f) || !contestant.qualities) continue;
        cell.points = [];
        for (const q of contestant.qualities(work.f)) {
          const { bytes, score = Number.NaN } = await inspect(await ask(q));
          cell.points.push({ bytes, score });
        }
      } catch (error) {
        cell.why = (error as Error).message;
      }
    }
  }
}
