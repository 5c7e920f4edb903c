/** The log of the batch function: one JSON line per message. */
import type { Config } from '../config.ts';
import { ImageError } from '../errors.ts';
import { describeError } from './batch-events.ts';
import type { BatchCounts } from './batch-render.ts';

/**
 * Runs the jobs of a message, and logs the result: the host of the source, not its URL, which can contain a signature.
 *
 * @param work gets a function that takes the host, once it is known
 * @throws what `work` throws
 */
export type JobLog = (
  requestId: string | undefined,
  work: (setHost: (host: string | undefined) => void) => Promise<BatchCounts>,
) => Promise<BatchCounts>;

export function createJobLog({ serviceName: service, logLevel }: Config, log: (line: string) => void): JobLog {
  return async (requestId, work) => {
    const startedAt = performance.now();
    let host: string | undefined;
    const line = (level: 'INFO' | 'WARN' | 'ERROR', fields: object) => {
      const general = { level, message: 'batch', timestamp: new Date().toISOString(), service };
      const ms = Math.round(performance.now() - startedAt);
      log(JSON.stringify({ ...general, function_request_id: requestId, host, ...fields, ms }));
    };
    try {
      const counts = await work((known) => {
        host = known;
      });
      if (logLevel === 'debug' || logLevel === 'info') line('INFO', { ...counts });
      return counts;
    } catch (error) {
      if (error instanceof ImageError) line('WARN', { code: error.code, detail: error.message });
      else line('ERROR', { code: 'INTERNAL', detail: describeError(error), cause: (error as Error)?.stack });
      throw error;
    }
  };
}
