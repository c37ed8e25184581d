/** How long some work takes, done so many times one after the other: the median in milliseconds. */
export async function medianMs(times: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    const begunAt = performance.now();
    await work();
    taken.push(performance.now() - begunAt);
  }
  return taken.sort((a, b) => a - b)[taken.length >> 1] ?? 0;
}
