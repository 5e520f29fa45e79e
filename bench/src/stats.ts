/** Which end of the scale is the good one. */
export type Better = 'high' | 'low';

export type Summary = { readonly median: number; readonly best: number };

/** The value below which the share `q` (0 to 1) of `values` lies, interpolated; NaN for none. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** The edge of the best tenth: what a program does when the machine leaves it alone, without trusting one lucky slice. */
export function bestDecile(values: ArrayLike<number>, better: Better): number {
  return quantile(values, better === 'high' ? 0.9 : 0.1);
}

export function summarize(values: ArrayLike<number>, better: Better): Summary {
  return { median: median(values), best: bestDecile(values, better) };
}

/** How much `y` grows for one `x`, by least squares; NaN for fewer than two points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  if (points.length < 2) return Number.NaN;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return covariance / variance;
}

/** Forward in even rounds, backward in odd ones, so that a machine that slows down is unfair to nobody. */
export function inRound<T>(items: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? items : items.toReversed();
}
