/** The worker thread: decodes one HEIC at a time, sent by `pool.ts`, which ends it if that takes too much time. */
import { decode, loadLibheif } from './libheif.ts';
import type { HeicResult, HeicTask, WorkerReady } from './messages.ts';

const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');

const libheif = loadLibheif(workerData as string);

parentPort?.on('message', (task: HeicTask) => {
  const outcome = decode(libheif, task);
  const result: HeicResult = { ...outcome, memory: libheif.HEAPU8.byteLength };
  parentPort.postMessage(result, 'tiff' in outcome ? [outcome.tiff] : []);
});
const ready: WorkerReady = { isReady: true };
parentPort?.postMessage(ready);
