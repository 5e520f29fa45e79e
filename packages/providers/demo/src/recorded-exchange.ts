import { readFileSync } from 'node:fs';
import { ConfigurationError } from '@sluice/core';

/** The very bytes that a provider once sent. */
export type Replay = { readonly status?: number; readonly contentType: string; readonly body: string | Uint8Array };

type Exchange = {
  readonly response?: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly json?: unknown;
    readonly text?: string;
    readonly base64?: string;
  };
};

/**
 * The answer in a file that holds one recorded exchange: `response` with `status`, `headers`, and the body as `json`,
 * `text` or `base64`. It has to be in OpenAI's form.
 * @throws ConfigurationError when the file cannot be read, or holds no such thing.
 */
export function readExchange(path: string): Replay {
  const { status = 200, headers = {}, json, text, base64 } = parse(path).response ?? {};
  const body = base64 === undefined ? (text ?? (json === undefined ? undefined : JSON.stringify(json))) : Buffer.from(base64, 'base64');
  if (body === undefined) throw new ConfigurationError([{ place: path, message: 'holds no `response` with `json`, `text` or `base64`' }]);
  const [, contentType = json === undefined ? 'text/event-stream' : 'application/json'] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  return { status, contentType, body };
}

function parse(path: string): Exchange {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Exchange;
  } catch (error) {
    throw new ConfigurationError([{ place: path, message: `cannot be read as a recorded exchange: ${(error as Error).message}` }]);
  }
}
