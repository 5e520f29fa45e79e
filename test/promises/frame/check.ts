/** One figure against its gate. */
export type Check = {
  readonly figure: string;
  readonly value: string;
  readonly gate: string;
  readonly isKept: boolean;
  /** Whether it is at least not so far off that only a defect explains it: what a test on a busy machine may ask for. */
  readonly isBearable: boolean;
};

export type GateOptions = {
  readonly unit?: string;
  /** How far off it may be on a busy machine. Default: not at all. */
  readonly bearable?: number;
};

/**
 * Something that never happened, told with what that is worth: the upper end of its rate, with 95 % certainty.
 * `found` is how often it did, or what was found each time.
 */
export function none(figure: string, found: number | readonly string[], outOf: number): Check {
  const count = typeof found === 'number' ? found : found.length;
  const isKept = count === 0 && outOf > 0;
  const note = isKept ? ` (at most ${toPercent(3 / outOf)})` : noteOf(found);
  return { figure, value: `${toText(count)} in ${toText(outOf)}${note}`, gate: '0', isKept, isBearable: isKept };
}

function noteOf(found: number | readonly string[]): string {
  return typeof found === 'number' || found.length === 0 ? '' : `: ${[...new Set(found)].slice(0, 3).join('; ')}`;
}

export function atMost(figure: string, value: number, most: number, { unit = '', bearable = most }: GateOptions = {}): Check {
  return { figure, value: withUnit(value, unit), gate: `at most ${withUnit(most, unit)}`, isKept: value <= most, isBearable: value <= bearable };
}

export function exactly(figure: string, value: number, wanted: number, { unit = '' }: GateOptions = {}): Check {
  const isKept = value === wanted;
  return { figure, value: withUnit(value, unit), gate: withUnit(wanted, unit), isKept, isBearable: isKept };
}

/** From `least` to `most`. A busy machine makes things late and never early. */
export function between(
  figure: string,
  [low, high]: readonly [low: number, high: number],
  [least, most]: readonly [least: number, most: number],
  options: GateOptions = {},
): Check {
  const { unit = '', bearable = most } = options;
  return {
    figure,
    value: `${toText(low)} to ${withUnit(high, unit)}`,
    gate: `${toText(least)} to ${withUnit(most, unit)}`,
    isKept: low >= least && high <= most,
    isBearable: low >= least && high <= bearable,
  };
}

function withUnit(value: number, unit: string): string {
  return unit === '' ? toText(value) : `${toText(value)} ${unit}`;
}

function toText(value: number): string {
  return value.toLocaleString('en-US', {
    maximumSignificantDigits: Math.abs(value) >= 100 ? 15 : 3,
    maximumFractionDigits: Math.abs(value) >= 100 ? 0 : 3,
    roundingPriority: 'lessPrecision',
  });
}

function toPercent(share: number): string {
  return `${Math.min(100, Number((100 * share).toPrecision(2)))} %`;
}
