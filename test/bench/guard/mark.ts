/** Loaded before the counted program: makes its work between two messages one count. */
import os from 'node:os';

const send: unknown = process.send?.bind(process);
if (typeof send !== 'function') throw new Error('This program needs an IPC channel.');
process.send = (...args: unknown[]) => {
  // Callgrind writes its counts and resets them at each call. Nothing else calls this function.
  os.getPriority();
  return send(...args);
};
