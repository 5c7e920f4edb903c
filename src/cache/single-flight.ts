/** Runs equal work once, however many callers wait for it. */
import { deadlineError } from '../errors.ts';

/** Work that several callers wait for. It is aborted when the last of them has left. */
interface Flight<Value> {
  readonly done: Promise<Value>;
  readonly controller: AbortController;
  subscribers: number;
}

/**
 * Returns `run(key, work, signal)`: starts the work, or joins the one that runs under this key.
 *
 * - `work` gets a signal that is aborted when no caller waits any more.
 * - `signal` ends one caller's wait with SOURCE_TIMEOUT.
 */
export function createSingleFlight<Value>() {
  const flights = new Map<string, Flight<Value>>();

  function start(key: string, work: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const controller = new AbortController();
    const done = work(controller.signal).finally(() => flights.delete(key));
    const flight = { done, controller, subscribers: 0 };
    flights.set(key, flight);
    return flight;
  }

  return async function run(
    key: string,
    work: (signal: AbortSignal) => Promise<Value>,
    signal: AbortSignal,
  ): Promise<Value> {
    let flight = flights.get(key);
    // Native work cannot be cancelled: an aborted flight may still succeed, and then its value is used. If it fails, another
    // one is started.
    while (flight?.controller.signal.aborted) {
      try {
        return await subscribe(flight, signal);
      } catch (error) {
        if (signal.aborted) throw error;
      }
      flight = flights.get(key);
    }
    return subscribe(flight ?? start(key, work), signal);
  };
}

function subscribe<Value>(flight: Flight<Value>, signal: AbortSignal): Promise<Value> {
  flight.subscribers++;
  return new Promise((resolve, reject) => {
    const unsubscribe = () => {
      if (--flight.subscribers === 0) flight.controller.abort();
      reject(deadlineError());
    };
    flight.done.then(resolve, reject).finally(() => signal.removeEventListener('abort', unsubscribe));
    if (signal.aborted) unsubscribe();
    else signal.addEventListener('abort', unsubscribe, { once: true });
  });
}
