import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, ModelRequest, Operation } from '@sluice/core';
import type { Recording } from '@sluice/testing';
import { sharedPath } from './shared.ts';

/** One recorded exchange with a provider, as it is stored. `digest` was made from the same bytes by the official clients. */
export type RecordedExchange = {
  readonly id: string;
  readonly provider: string;
  readonly features: readonly string[];
  /** What was shortened or replaced. */
  readonly edited?: readonly string[];
  readonly request: { readonly url: string; readonly json?: ModelRequest; readonly multipart?: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly format: 'json' | 'sse' | 'text' | 'binary' | 'empty' | 'ndjson' | 'aws-eventstream';
    readonly json?: unknown;
    readonly text?: string;
    readonly base64?: string;
  };
  readonly digest: {
    readonly text?: string;
    readonly tool_calls?: readonly { readonly name: string; readonly args: unknown }[];
    readonly finish?: string;
    readonly usage?: { readonly input?: number; readonly output?: number; readonly total?: number; readonly cached?: number; readonly reasoning?: number };
    readonly reasoning_chars?: number;
    readonly error_message?: string;
    readonly stream_error?: string;
  };
};

export const SURFACES: Readonly<Partial<Record<Operation, string>>> = {
  chat: 'chat.completions',
  completions: 'completions',
  embeddings: 'embeddings',
  moderations: 'moderations',
  'images.generate': 'images.generations',
  'images.edit': 'images.edits',
  'audio.speech': 'audio.speech',
  'audio.transcribe': 'audio.transcriptions',
  'audio.translate': 'audio.translations',
  responses: 'responses',
  rerank: 'rerank',
  ocr: 'ocr',
};

/** The recordings of one provider and operation; nothing when there are none here. */
export function recordedExchanges(provider: string, operation: Operation): readonly RecordedExchange[] {
  return recordedIn(`${provider}/${SURFACES[operation] ?? operation}`);
}

/** The recordings of one folder, such as `anthropic/messages`; nothing when there are none here. */
export function recordedIn(folder: string): readonly RecordedExchange[] {
  const path = sharedPath('recordings', 'recordings', ...folder.split('/'));
  if (path === undefined) return [];
  return readdirSync(path)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(path, file), 'utf8')) as RecordedExchange);
}

/** The requests for a chat that some provider has accepted, whoever it was. */
export function acceptedChats(): readonly RecordedExchange[] {
  const folder = sharedPath('recordings', 'recordings');
  if (folder === undefined) return [];
  return readdirSync(folder)
    .flatMap((provider) => recordedExchanges(provider, 'chat'))
    .filter(({ request, response }) => response.status < 400 && Array.isArray(request.json?.messages));
}

export function bytesOf({ response }: RecordedExchange): Buffer {
  if (response.base64 !== undefined) return Buffer.from(response.base64, 'base64');
  return Buffer.from(response.text ?? JSON.stringify(response.json ?? {}));
}

const CONTENT_TYPES: Readonly<Record<RecordedExchange['response']['format'], string>> = {
  json: 'application/json',
  empty: 'application/json',
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
  'aws-eventstream': 'application/vnd.amazon.eventstream',
  text: 'text/plain',
  binary: 'application/octet-stream',
};

/** Some recorders kept no content type; what was sent under which one is beyond doubt, though. */
export function recordingOf(exchange: RecordedExchange): Recording {
  const { status, headers, format } = exchange.response;
  return { status, headers: { 'content-type': CONTENT_TYPES[format], ...headers }, body: bytesOf(exchange) };
}

/** What the gateway's front door would be sent. Forms are stored without their fields, so those are made up. */
export function requestOf({ request }: RecordedExchange, operation: Operation = 'chat'): ModelRequest {
  if (operation === 'images.edit') return { model: 'recorded', prompt: 'recorded' };
  const { model = 'recorded', ...rest } = (request.json ?? {}) as JsonObject & { readonly model?: string };
  return { model, ...rest };
}
