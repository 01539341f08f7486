// @ts-check
/**
 * Gives what tells the milliseconds since now, also those in which the telephone slept: the browser's even time stands
 * still then, and the telephone's own clock may be set meanwhile. The larger of the two is right, or as near as can be.
 */
export function sinceNow() {
  const even = performance.now();
  const own = Date.now();
  return () => Math.max(performance.now() - even, Date.now() - own);
}
