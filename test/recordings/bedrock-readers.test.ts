import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BedrockRuntimeClient, type BedrockRuntimeClientConfig, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { bedrock } from '@sluice/provider-bedrock';
import { type Answered, ask, readTold, type Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { bytesOf, recordedExchanges } from '../support/recordings.ts';
import { sharedPath } from '../support/shared.ts';

const STREAM = { 'content-type': 'application/vnd.amazon.eventstream' };
const provider = bedrock({ region: 'us-east-1', env: {} });

function asking(recording: Recording, stream: boolean): Promise<Answered> {
  const request = { model: 'm', messages: [{ role: 'user', content: 'x' }], ...(stream && { stream, stream_options: { include_usage: true } }) };
  return ask({ provider, operation: 'chat', request, recording });
}

describe("what AWS's own client reads in a recorded stream is what callers are told", () => {
  const exchanges = recordedExchanges('bedrock', 'converse-stream' as 'chat').filter(({ response }) => response.format === 'aws-eventstream');

  /** The client over bytes in memory, cut at odd places. */
  function clientOver(bytes: Buffer): BedrockRuntimeClient {
    const response = {
      statusCode: 200,
      headers: STREAM,
      body: Readable.from(Array.from({ length: Math.ceil(bytes.length / 77) }, (_, at) => bytes.subarray(at * 77, at * 77 + 77))),
    };
    const requestHandler = { handle: () => Promise.resolve({ response }) } as unknown as NonNullable<BedrockRuntimeClientConfig['requestHandler']>;
    return new BedrockRuntimeClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' }, requestHandler });
  }

  test('are there', (ctx) => {
    if (exchanges.length === 0) ctx.skip('no recordings beside the checkout');
  });

  test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))('%s', async (_, exchange) => {
    const recording = { status: 200, headers: STREAM, body: bytesOf(exchange) };
    const answer = await clientOver(recording.body).send(new ConverseStreamCommand({ modelId: 'm', messages: [{ role: 'user', content: [{ text: 'x' }] }] }));
    const seen = { text: '', reasoning: '', outputTokens: undefined as number | undefined };
    for await (const { contentBlockDelta, metadata } of answer.stream ?? []) {
      seen.text += contentBlockDelta?.delta?.text ?? '';
      seen.reasoning += contentBlockDelta?.delta?.reasoningContent?.text ?? '';
      seen.outputTokens ??= metadata?.usage?.outputTokens;
    }
    const { contentType, text } = await asking(recording, true);
    const told = readTold(contentType, text);
    expect({ text: told.text, reasoning: told.reasoning, outputTokens: told.usage?.completion_tokens }).toEqual(seen);
  });
});

describe('the answers of Converse that others keep as fixtures', () => {
  const folder = sharedPath('recordings', 'vercel-ai', 'amazon-bedrock');
  const files = folder === undefined ? [] : readdirSync(folder);

  type Block = { readonly text?: string; readonly toolUse?: { readonly name: string } };
  type Event = { readonly contentBlockStart?: { readonly start?: Block }; readonly contentBlockDelta?: { readonly delta?: Block }; readonly metadata?: object };

  test('are there', (ctx) => {
    if (files.length === 0) ctx.skip('no fixtures beside the checkout');
  });

  test.each(files.filter((name) => name.endsWith('.json')))('%s', async (name) => {
    const body = readFileSync(join(folder ?? '', name));
    const { output, usage } = JSON.parse(body.toString()) as {
      readonly output: { readonly message: { readonly content: readonly Block[] } };
      readonly usage: { readonly outputTokens: number };
    };
    const { contentType, text } = await asking({ status: 200, headers: { 'content-type': 'application/json' }, body }, false);
    const told = readTold(contentType, text);
    expect(told.text).toBe(output.message.content.map((block) => block.text ?? '').join(''));
    expect(told.toolCalls.map((call) => call.name)).toEqual(output.message.content.flatMap(({ toolUse }) => toolUse?.name ?? []));
    expect(told.usage?.completion_tokens).toBe(usage.outputTokens);
  });

  const codec = new EventStreamCodec(
    (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
    (text) => Buffer.from(text),
  );

  function framed(event: object): Uint8Array {
    const [[name, payload] = ['', {}]] = Object.entries(event) as [string, object][];
    const headers = { ':message-type': { type: 'string' as const, value: 'event' }, ':event-type': { type: 'string' as const, value: name } };
    return codec.encode({ headers, body: Buffer.from(JSON.stringify(payload)) });
  }

  test.each(files.filter((name) => name.endsWith('.chunks.txt')))('%s', async (name) => {
    const events = readFileSync(join(folder ?? '', name), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Event);
    const { contentType, text } = await asking({ status: 200, headers: STREAM, body: Buffer.concat(events.map(framed)) }, true);
    const told = readTold(contentType, text);
    expect(told.text).toBe(events.map(({ contentBlockDelta }) => contentBlockDelta?.delta?.text ?? '').join(''));
    expect(told.toolCalls.map((call) => call.name)).toEqual(events.flatMap(({ contentBlockStart }) => contentBlockStart?.start?.toolUse?.name ?? []));
    for (const { arguments: given } of told.toolCalls) expect(JSON.parse(given)).toBeTypeOf('object');
    expect(told.isComplete).toBe(events.some(({ metadata }) => metadata !== undefined));
  });
});
