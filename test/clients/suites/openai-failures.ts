import OpenAI from 'openai';
import { expect, vi } from 'vitest';
import type { Feature } from '../feature.ts';
import type { Face } from '../faces.ts';
import { KEYS } from '../gateway-under-test.ts';
import { openaiClient } from './openai-client.ts';

const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Hi' }] };

type Refusal = {
  readonly name: string;
  readonly status: number;
  readonly type: abstract new (...args: never[]) => Error;
  readonly code: string;
  call(face: Face): Promise<unknown>;
};

const REFUSALS: readonly Refusal[] = [
  {
    name: 'an unknown key',
    status: 401,
    type: OpenAI.AuthenticationError,
    code: 'invalid_credentials',
    call: (face) => openaiClient(face, 'sk-unknown').chat.completions.create(ask),
  },
  {
    name: 'a spent budget',
    status: 402,
    type: OpenAI.APIError,
    code: 'budget_exceeded',
    call: (face) => openaiClient(face, KEYS.spent).chat.completions.create(ask),
  },
  {
    name: 'an unknown model',
    status: 404,
    type: OpenAI.NotFoundError,
    code: 'model_not_found',
    call: (face) => openaiClient(face).chat.completions.create({ ...ask, model: 'gpt-4o-mni' }),
  },
  {
    name: 'a reached limit',
    status: 429,
    type: OpenAI.RateLimitError,
    code: 'rate_limited',
    call: (face) => openaiClient(face, KEYS.hasty).chat.completions.create(ask),
  },
  {
    name: 'a malformed request',
    status: 400,
    type: OpenAI.BadRequestError,
    code: 'invalid_request',
    call: (face) => openaiClient(face).chat.completions.create({ ...ask, messages: 'Hi' as never }),
  },
  {
    name: "the provider's refusal",
    status: 400,
    type: OpenAI.BadRequestError,
    code: 'context_length_exceeded',
    call: (face) => openaiClient(face).chat.completions.create({ ...ask, model: 'too-small' }),
  },
  {
    name: "the provider's limit",
    status: 429,
    type: OpenAI.RateLimitError,
    code: 'rate_limit_exceeded',
    call: (face) => openaiClient(face).chat.completions.create({ ...ask, model: 'limited' }),
  },
];

export const openaiFailures: readonly Feature[] = [
  ...REFUSALS.map(
    ({ name, status, type, code, call }): Feature => ({
      name: `${status} for ${name}`,
      async run(face) {
        const error: unknown = await call(face).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(type);
        expect(error).toMatchObject({ status, code });
      },
    }),
  ),
  {
    name: 'no retry of a spent budget',
    async run(face) {
      const { client, sent } = countingClient(face, KEYS.spent);
      await expect(client.chat.completions.create(ask)).rejects.toMatchObject({ status: 402 });
      expect(sent()).toBe(1);
    },
  },
  {
    name: 'a retry after the time that a limit names',
    async run(face) {
      const { client, sent } = countingClient(face, KEYS.good);
      const startedAt = performance.now();
      await expect(client.chat.completions.create({ ...ask, model: 'limited' })).rejects.toMatchObject({ status: 429 });
      expect(sent()).toBe(2);
      expect(performance.now() - startedAt).toBeGreaterThan(990);
    },
  },
  {
    name: 'an error inside a broken stream',
    async run(face) {
      const stream = await openaiClient(face).chat.completions.create({ ...ask, model: 'breaking', stream: true });
      let text = '';
      const reading = (async () => {
        for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
      })();
      await expect(reading).rejects.toMatchObject({ code: 'upstream_stream_broken' });
      expect(text).toBe('Half an an'.slice(0, text.length));
    },
  },
  {
    name: 'abort mid-stream reaches the provider',
    async run(face, upstream) {
      const before = upstream.abandoned();
      const stream = await openaiClient(face).chat.completions.create({ ...ask, model: 'slow', stream: true });
      let chunks = 0;
      for await (const _ of stream) {
        chunks += 1;
        if (chunks === 3) stream.controller.abort();
      }
      await vi.waitFor(() => expect(upstream.abandoned()).toBe(before + 1), { timeout: 5000, interval: 10 });
    },
  },
];

/** A client that tries once more where it believes that to help, and tells how often it has sent something. */
function countingClient(face: Face, apiKey: string): { readonly client: OpenAI; sent(): number } {
  let sent = 0;
  const send = face.fetch ?? fetch;
  const counting: typeof fetch = (input, init) => {
    sent += 1;
    return send(input, init);
  };
  return { client: new OpenAI({ baseURL: face.baseURL, apiKey, maxRetries: 1, fetch: counting }), sent: () => sent };
}
