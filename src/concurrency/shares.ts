/** Who takes part in the limits of a process, and how many places each has: a key, and within it a source host. Pure. */

/** Whose work it is. Of a place that becomes free, each client gets an equal share, and within it each source host. */
export interface Owner {
  /** Id of the key; empty without one. */
  readonly client: string;
  /** Host name and port of the source. */
  readonly host: string;
}

/** Counts places by owner. Names without a place are forgotten, so the counts stay as small as the work. */
export function createShares() {
  const clients = new Map<string, number>();
  const hosts = new Map<string, number>();
  const count = (counts: Map<string, number>, name: string, change: 1 | -1) => {
    const places = (counts.get(name) ?? 0) + change;
    if (places) counts.set(name, places);
    else counts.delete(name);
  };
  const change = (by: 1 | -1) => (owner: Owner) => {
    count(clients, owner.client, by);
    count(hosts, owner.host, by);
  };
  return {
    add: change(1),
    remove: change(-1),
    /** Returns the places of the owner's client and of its host. */
    of: ({ client, host }: Owner) => ({ client: clients.get(client) ?? 0, host: hosts.get(host) ?? 0 }),
    /** Returns whether client or host have at least their equal share of `places`. */
    isTaken: ({ client, host }: Owner, places: number) => {
      const isFull = (counts: Map<string, number>, name: string) => {
        const own = counts.get(name) ?? 0;
        return own >= places / (own ? counts.size : counts.size + 1);
      };
      return isFull(clients, client) || isFull(hosts, host);
    },
  };
}
