/** Loaded before the program that is counted: what it runs from one answer to the next is one count. */
import os from 'node:os';

const send: unknown = process.send?.bind(process);
if (typeof send !== 'function') throw new Error('This is for a program that is asked by messages.');
process.send = (...args: unknown[]) => {
  // Callgrind writes its counts, and begins anew, whenever this is called. Nothing else here calls it.
  os.getPriority();
  return send(...args);
};
