/**
 * The chance that of so many independent tries at least `hits` hit, each with the chance `rate`: the upper tail of the
 * binomial distribution, summed from its logarithms so that very small ones are not lost.
 */
export function chanceOf(hits: number, tries: number, rate: number): number {
  if (hits <= 0) return 1;
  if (hits > tries || rate <= 0) return 0;
  if (rate >= 1) return 1;
  let term = logChoose(tries, hits) + hits * Math.log(rate) + (tries - hits) * Math.log1p(-rate);
  let sum = Math.exp(term);
  for (let more = hits + 1; more <= tries; more++) {
    term += Math.log((tries - more + 1) / more) + Math.log(rate) - Math.log1p(-rate);
    const next = Math.exp(term);
    sum += next;
    // Beyond the middle each is smaller than the one before.
    if (more > tries * rate && next < sum * 1e-12) break;
  }
  return Math.min(1, sum);
}

function logChoose(of: number, some: number): number {
  const few = Math.min(some, of - some);
  let sum = 0;
  for (let i = 1; i <= few; i++) sum += Math.log((of - few + i) / i);
  return sum;
}
