/** Fake timers that middy uses, too: it imports `setTimeout` from `node:timers`, which Vitest does not fake. */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import { vi } from 'vitest';

const { setTimeout, clearTimeout } = timers;

function setTimers(functions: object): void {
  Object.assign(timers, functions);
  syncBuiltinESMExports();
}

/** Fakes `Date` and the timers: time stands still until `vi.advanceTimersByTime`. Sockets go on. */
export function useFakeTimers(): void {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  setTimers({ setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout });
}

export function useRealTimers(): void {
  vi.useRealTimers();
  setTimers({ setTimeout, clearTimeout });
}
