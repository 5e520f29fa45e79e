import type { JsonObject } from '@sluice/core';
import { gemini } from '@sluice/provider-google';
import { describe, expect, test } from 'vitest';
import { protoExamples } from '../support/examples/proto-example.ts';
import { type Words, words } from '../support/examples/words.ts';
import { asEvents, asJson, expectWhole, told } from './lossless.ts';

const proto = protoExamples('gemini-proto');
const answering = { provider: gemini({ env: {} }), deployment: { model: 'gemini-3-pro' } };

/** What says how a part of the question is to be read, and is in no answer. */
const OF_QUESTIONS: ReadonlySet<string> = new Set(['videoMetadata', 'partMetadata', 'thought', 'thoughtSignature']);
const parts = (proto?.fieldsOf('Part') ?? []).filter((field) => !OF_QUESTIONS.has(field));
const besideParts = (proto?.fieldsOf('Candidate') ?? []).filter((field) => !['index', 'content', 'logprobsResult'].includes(field));

const WAYS = [false, true] as const;

async function answerOf(answer: JsonObject, stream: boolean): Promise<Awaited<ReturnType<typeof told>>> {
  return await told(answering, stream ? asEvents([answer]) : asJson(answer), stream);
}

function answerWith(found: JsonObject, more: JsonObject = {}): JsonObject {
  const candidate = { index: 0, content: { role: 'model', parts: [{ text: 'A' }] }, finishReason: 'STOP', ...found };
  return { candidates: [candidate], usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 7, totalTokenCount: 12 }, ...more };
}

describe.skipIf(!proto)("Gemini's answers, made from its definitions", () => {
  test.each(parts)('a part with %s comes whole, also signed, also as a thought', async (field) => {
    for (const beside of [[], ['thoughtSignature'], ['thought', 'thoughtSignature']]) {
      for (const stream of WAYS) {
        const supply = words();
        const part = proto?.example('Part', supply, [field, ...beside]) ?? {};
        expectWhole(await answerOf(answerWith({ content: { role: 'model', parts: [part] } }), stream), supply, `${field} ${beside.join(' ')}`);
      }
    }
  });

  test.each(['image/png', 'audio/L16;codec=pcm;rate=24000', 'video/mp4', 'application/pdf'])('%s is told for what it is', async (mimeType) => {
    for (const stream of WAYS) {
      const { whole } = await answerOf(answerWith({ content: { parts: [{ inlineData: { mimeType, data: 'QUJD' } }] } }), stream);
      expect([mimeType, whole.includes('"image_url"')]).toEqual([mimeType, mimeType === 'image/png']);
      expect([mimeType, whole.includes('"audio":{')]).toEqual([mimeType, mimeType.startsWith('audio/')]);
      expect(whole).toContain('QUJD');
    }
  });

  test.each(besideParts)('a candidate keeps %s', async (field) => {
    for (const stream of WAYS) {
      const supply = words();
      expectWhole(await answerOf(answerWith(proto?.example('Candidate', supply, [field]) ?? {}), stream), supply, field);
    }
  });

  test('log probabilities come as OpenAI tells them', async () => {
    for (const stream of WAYS) {
      const supply = words();
      const found = proto?.example('Candidate', supply, ['logprobsResult']) ?? {};
      const { whole } = await answerOf(answerWith(found), stream);
      expect(whole).toContain(`"token":"${firstToken(found)}"`);
    }
  });

  test('every reason for an end is one that clients know, and stays under its own name, by word or by number', async () => {
    const reasons = proto?.wordsOf('Candidate.FinishReason') ?? [];
    expect(reasons.length).toBeGreaterThan(15);
    for (const reason of [...reasons, 'A_NEW_ONE', 0, 1, 2, 3]) {
      for (const stream of WAYS) {
        const answer = await answerOf(answerWith({ finishReason: reason }), stream);
        expectWhole(answer, words(), String(reason));
        expect(answer.whole).toContain(`"native_finish_reason":${JSON.stringify(reason)}`);
        expect([reason, answer.finish]).toEqual([reason, ENDS[reason] ?? 'content_filter']);
      }
    }
  });

  test('every reason to give no answer is told', async () => {
    for (const blockReason of proto?.wordsOf('GenerateContentResponse.PromptFeedback.BlockReason') ?? []) {
      for (const stream of WAYS) {
        const supply: Words = words();
        const promptFeedback = { ...proto?.example('GenerateContentResponse.PromptFeedback', supply), blockReason };
        const answer = await answerOf({ promptFeedback, usageMetadata: { promptTokenCount: 5, totalTokenCount: 5 } }, stream);
        expectWhole(answer, supply, blockReason);
        expect([answer.finish, answer.usage?.prompt_tokens]).toEqual(['content_filter', 5]);
      }
    }
  });

  test('every count is one of ours', async () => {
    const usageMetadata = {
      promptTokenCount: 100,
      toolUsePromptTokenCount: 10,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 30,
      cachedContentTokenCount: 40,
      totalTokenCount: 160,
      promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 50 }],
      toolUsePromptTokensDetails: [{ modality: 'IMAGE', tokenCount: 5 }],
      cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 25 }],
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 6 }],
    };
    expect(Object.keys(usageMetadata).sort()).toEqual([...(proto?.fieldsOf('GenerateContentResponse.UsageMetadata') ?? [])].sort());
    for (const stream of WAYS) {
      const { usage } = await answerOf(answerWith({}, { usageMetadata }), stream);
      expect(usage).toEqual({
        prompt_tokens: 110,
        completion_tokens: 50,
        total_tokens: 160,
        prompt_tokens_details: { cached_tokens: 40, audio_tokens: 50, image_tokens: 5, cached_tokens_details: { audio_tokens: 25 } },
        completion_tokens_details: { reasoning_tokens: 30, image_tokens: 6 },
      });
    }
  });

  test('what nobody knows yet breaks nothing', async () => {
    const odd = { candidates: [{ content: { parts: [{ aNewPart: { b: 1 } }, {}] } }], aNewField: [1] };
    const bare = { candidates: [{}] };
    const none = { usageMetadata: { aNewCount: 1 } };
    const answer = await told(answering, asEvents([none, odd, bare, answerWith({})]), true);
    expect([answer.text, answer.finish, answer.isComplete]).toEqual(['A', 'stop', true]);
    expect(answer.whole).toContain('aNewPart');
  });
});

const ENDS: Readonly<Record<string | number, string>> = {
  STOP: 'stop',
  1: 'stop',
  0: 'stop',
  FINISH_REASON_UNSPECIFIED: 'stop',
  MAX_TOKENS: 'length',
  2: 'length',
};

function firstToken({ logprobsResult }: JsonObject): string {
  const [chosen] = (logprobsResult as { readonly chosenCandidates: readonly [{ readonly token: string }] }).chosenCandidates;
  return chosen.token;
}
