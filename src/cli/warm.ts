/** The command `pixgate warm`: renders many images before anybody requests them. */
import { acceptHeaders, splitPresets } from '../lambda/batch-presets.ts';
import { type Options, UsageError, type Values } from './arguments.ts';
import { defineCommand } from './command.ts';
import { type DoneFile, openDoneFile } from './done-file.ts';
import { readKey } from './key-file.ts';
import { showProgress } from './progress.ts';
import { estimateQueue, estimateRequests, formatEstimate, SEND_SIZE } from './warm-cost.ts';
import { readSources } from './warm-sources.ts';
import { FatalError, queueTarget, requestTarget, type Warm } from './warm-targets.ts';

const OPTIONS = {
  preset: {
    type: 'string',
    placeholder: 'NAMES',
    description: 'presets of the deployment, comma-separated; thumb@2x is thumb with dpr=2',
  },
  from: {
    type: 'string',
    placeholder: 'SOURCES',
    description: 'a file or URL with a source a line, or a sitemap; or s3://bucket/prefix',
  },
  base: {
    type: 'string',
    placeholder: 'URL',
    description: 'requests the images from a deployment, such as https://img.example.com/',
  },
  'key-file': {
    type: 'string',
    placeholder: 'FILE',
    description: 'file with the API key or the signing secret in its first line; default: standard input',
  },
  id: { type: 'string', placeholder: 'ID', description: 'id of a key in mode signed' },
  anonymous: { type: 'boolean', description: 'requests without a key, of a deployment with ALLOW_ANONYMOUS' },
  queue: {
    type: 'string',
    placeholder: 'URL',
    description: 'sends a message for each source to the queue of Batch=on (stack output BatchQueueUrl)',
  },
  avif: { type: 'boolean', description: 'the deployment has AVIF_AUTO=on' },
  concurrency: { type: 'string', placeholder: 'N', description: 'requests at once, 1 to 64; default: 8' },
  done: {
    type: 'string',
    placeholder: 'FILE',
    description: 'the sources that are done, which a further run skips; default: .pixgate-warm',
  },
  'max-images': { type: 'string', placeholder: 'N', description: 'refuses to render more; default: 100000' },
  'dry-run': { type: 'boolean', description: 'prints the number of images, their cost and the time, and does nothing' },
} as const satisfies Options;

/** Sources that fail in a row before a run ends: what is wrong is then not a source. */
const MAX_FAILURES_IN_A_ROW = 50;
/** Maximum failures that are printed. */
const MAX_PRINTED = 20;

const PRESET = /^[A-Za-z0-9_-]{1,40}(?:@[0-9.]{1,4}x)?$/;

/** @throws UsageError */
function readInteger(name: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw new UsageError(`--${name} must be an integer from 1 to ${max}`);
}

/** Checks the URL of a deployment: a key must not be sent in clear. @throws UsageError */
function checkBase(base: string): void {
  const url = URL.parse(base);
  const isLocal = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url?.protocol !== 'https:' && !(isLocal && url.protocol === 'http:'))
    throw new UsageError('--base must be the URL of a deployment, such as https://img.example.com/');
}

function readOptions({
  preset = '',
  from,
  base,
  queue,
  avif = false,
  done = '.pixgate-warm',
  concurrency = '8',
  'max-images': maxImages = '100000',
  ...others
}: Values<typeof OPTIONS>) {
  const presets = splitPresets(preset);
  const wrong = presets.find((name) => !PRESET.test(name));
  if (!presets.length || wrong !== undefined)
    throw new UsageError('--preset must be names of presets, such as thumb,thumb@2x,hero');
  if (!from) throw new UsageError('--from must be a file, a URL, or s3://bucket/prefix');
  if ((base === undefined) === (queue === undefined))
    throw new UsageError('One of --base URL and --queue URL is required');
  if (base !== undefined) checkBase(base);
  return {
    ...others,
    presets,
    from,
    base,
    queue,
    avif,
    done,
    concurrency: readInteger('concurrency', concurrency, 64),
    maxImages: readInteger('max-images', maxImages, 1e9),
  };
}
type WarmOptions = ReturnType<typeof readOptions>;

const openTarget = (options: WarmOptions, accepts: readonly string[]): Warm | Promise<Warm> => {
  const { base, queue = '', presets, id, anonymous, 'key-file': file } = options;
  if (base === undefined) return queueTarget(queue, presets);
  if (anonymous && (id !== undefined || file !== undefined))
    throw new UsageError('--anonymous is without a key: neither --key-file nor --id');
  if (anonymous) return requestTarget(base, presets, accepts, {});
  const key = readKey(file);
  if (key === undefined)
    throw new UsageError(
      id === undefined
        ? 'The API key is required: in --key-file or on standard input; or --anonymous for requests without one'
        : 'The signing secret is required, in --key-file or on standard input',
    );
  return requestTarget(base, presets, accepts, { key, id });
};

/** Runs all sources, some at once. @returns why sources failed @throws FatalError */
async function run(sources: readonly string[], warm: Warm, done: DoneFile, { concurrency, queue }: WarmOptions) {
  const failures = new Map<string, string>();
  const size = queue === undefined ? 1 : SEND_SIZE;
  let [next, finished, failedInARow] = [0, 0, 0];
  const worker = async () => {
    while (next < sources.length) {
      const group = sources.slice(next, next + size);
      next += size;
      const failed = await warm(group);
      for (const [source, reason] of failed) failures.set(source, reason);
      done.add(group.filter((source) => !failed.has(source)));
      failedInARow = failed.size < group.length ? 0 : failedInARow + failed.size;
      if (failedInARow >= MAX_FAILURES_IN_A_ROW) {
        const [reason] = failed.values();
        throw new FatalError(`The last ${failedInARow} sources failed: ${reason}`);
      }
      finished += group.length;
      showProgress(finished, sources.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    // The other workers end after the source that they have begun.
    next = sources.length;
  }
  return failures;
}

/** Renders what the options name. @throws UsageError for invalid options; Error if a source failed */
async function warmSources(values: Values<typeof OPTIONS>): Promise<void> {
  const options = readOptions(values);
  const { presets, from, base, queue, avif, concurrency, maxImages, done: path } = options;
  const accepts = acceptHeaders(avif);
  const all = await readSources(from);
  const target = base ?? queue;
  const done = options['dry-run']
    ? undefined
    : openDoneFile(path, `${presets.join(',')} ${avif ? 'avif ' : ''}${target}`);
  const sources = done ? all.filter((source) => !done.has(source)) : all;
  const avifImages = avif ? presets.length : 0;
  const work = { sources: sources.length, images: presets.length * accepts.length, avifImages };
  const count = work.sources * work.images;
  const estimate = base === undefined ? estimateQueue(work) : estimateRequests(work, concurrency);
  const summary = `${work.sources} sources, ${count} images of ${presets.length} preset(s) in ${accepts.length} formats`;
  if (!done) return console.log(`${summary}\n${formatEstimate(estimate)}`);
  if (count > maxImages)
    throw new UsageError(
      `${summary}, about $${estimate.dollars.toFixed(2)}: more than --max-images ${maxImages}. Run it with --dry-run, then with --max-images ${count}`,
    );
  const failures = await run(sources, await openTarget(options, accepts), done, options);
  const verb = base === undefined ? 'sent' : 'warmed';
  console.log(
    `${sources.length - failures.size} of ${all.length} sources ${verb}, ${all.length - sources.length} done before`,
  );
  if (!failures.size) return;
  const lines = [...failures].slice(0, MAX_PRINTED).map(([source, reason]) => `${source}: ${reason}`);
  const more = failures.size - lines.length;
  throw new Error([`${failures.size} failed:`, ...lines, ...(more ? [`and ${more} more`] : [])].join('\n'));
}

export const warm = defineCommand({
  usage: '--preset NAMES --from SOURCES (--base URL | --queue URL) [options]',
  description: 'Renders many images before anybody requests them. Sources that are done are skipped by a further run.',
  options: OPTIONS,
  run: ({ values }) => warmSources(values),
});
