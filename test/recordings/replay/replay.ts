import { type Answered, ask, readTold, type ReplayOptions } from '@sluice/testing';
import { type RecordedExchange, recordingOf, requestOf } from '../../support/recordings.ts';
import { differences } from './judge.ts';
import type { RecordedHost } from './recorded-host.ts';
import { told } from './told.ts';

const CUTS: readonly ReplayOptions[] = [{ cut: 'bytes' }, { cut: { seed: 7 } }, { cut: { seed: 8 } }];

/** What is wrong with the answer to one recorded exchange, whole and with its bytes cut at odd places. */
export async function replay(host: RecordedHost, exchange: RecordedExchange): Promise<string[]> {
  const { expected = told() } = host;
  const whole = await answerOf(host, exchange);
  const wrong = differences(expected(exchange), whole);
  if (wrong.length > 0 || !isStream(exchange)) return wrong;
  for (const cut of CUTS) {
    const again = await answerOf(host, exchange, cut);
    if (JSON.stringify(lasting(again)) !== JSON.stringify(lasting(whole))) wrong.push(`another answer when its bytes are cut: ${JSON.stringify(cut)}`);
  }
  return wrong;
}

function answerOf({ provider, operation, deployment, request }: RecordedHost, exchange: RecordedExchange, replayed?: ReplayOptions): Promise<Answered> {
  return ask({
    provider,
    operation,
    request: request ? request(exchange) : requestOf(exchange, operation),
    recording: recordingOf(exchange),
    ...(deployment && { deployment: deployment(exchange) }),
    ...(replayed && { replay: replayed }),
  });
}

function isStream({ response }: RecordedExchange): boolean {
  return response.format === 'sse' || response.format === 'ndjson' || response.format === 'aws-eventstream';
}

/** What an answer tells. Not its bytes: where an API has no ids and times, new ones are made up for each. */
function lasting({ contentType, text }: Answered): object {
  const { toolCalls, ...rest } = readTold(contentType, text);
  return { ...rest, toolCalls: toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given })) };
}
