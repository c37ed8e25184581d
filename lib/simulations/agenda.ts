/** What is to be done at moments to come, for a replay in which time only moves on. */
export interface Agenda {
  /** @param at epoch milliseconds; what is past already is done at the next moment that is reached. */
  add(at: number, act: () => void): void;
  /** Does everything that is due up to a moment, that moment included, in order of time. */
  reach(at: number): void;
}

export function createAgenda(): Agenda {
  // The latest first, so that what is due next is taken off the end.
  const entries: { at: number; act: () => void }[] = [];
  return {
    add(at, act) {
      let low = 0;
      let high = entries.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((entries[middle]?.at ?? 0) > at) low = middle + 1;
        else high = middle;
      }
      entries.splice(low, 0, { at, act });
    },
    reach(at) {
      for (let next = entries.at(-1); next !== undefined && next.at <= at; next = entries.at(-1)) {
        entries.pop();
        next.act();
      }
    },
  };
}
