import { GatewayError } from '@sluice/core';
import type { Prediction } from './prediction.ts';

/**
 * How long a prediction that is over has run, which hardware is paid by. https://replicate.com/docs/topics/billing
 * @throws GatewayError `upstream_invalid_answer` where it does not tell: an unknown time must not be a free one.
 */
export function secondsOf({ metrics, started_at: from, completed_at: to }: Prediction): number {
  const seconds = metrics?.predict_time ?? (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000;
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new GatewayError('upstream_invalid_answer', 'The prediction does not tell how long it has run, and is paid by that');
}
