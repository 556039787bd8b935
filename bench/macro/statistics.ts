/**
 * What is said about repeated measurements.
 *
 * @module
 */

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** A measured value with the least and the greatest of its rounds. */
export interface Measured {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The median of the rounds. */
export function summarize(rounds: readonly number[]): Measured {
  return { value: median(rounds), low: Math.min(...rounds), high: Math.max(...rounds) };
}

/**
 * The ratio of the medians of two series that were measured in the same rounds; its spread is that of the ratios of
 * the single rounds.
 */
export function ratioOfMedians(series: readonly number[], control: readonly number[]): Measured {
  const rounds = series.map((value, round) => value / (control[round] ?? NaN));
  return {
    value: median(series) / median(control),
    low: Math.min(...rounds),
    high: Math.max(...rounds),
  };
}
