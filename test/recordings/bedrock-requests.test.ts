import { readdirSync } from 'node:fs';
import { type JsonObject, type ModelRequest, secret } from '@sluice/core';
import { bedrock } from '@sluice/provider-bedrock';
import { expect, test } from 'vitest';
import { recordedExchanges, requestOf } from '../support/recordings.ts';
import { sharedPath } from '../support/shared.ts';
import { smithyModel } from '../support/smithy.ts';

const MODELS = ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us.amazon.nova-2-lite-v1:0', 'mistral.mistral-large-2402-v1:0'] as const;
const provider = bedrock({ region: 'us-east-1', env: {} });

/** What the API has learned since its model was written. */
const NEWER = /cachePoint: is not known|\/audio: is not known|\/serviceTier: is not known|systemTool: is not known/;

test('what recorded callers of chat asked for goes to Converse as AWS describes it', (ctx) => {
  const model = smithyModel('bedrock-runtime-smithy.json');
  const folder = sharedPath('recordings', 'recordings');
  if (!model || folder === undefined) return ctx.skip('the model or the recordings are not beside the checkout');
  const counts = { right: 0, refused: 0 };
  const problems: string[] = [];
  for (const host of readdirSync(folder)) {
    for (const exchange of recordedExchanges(host, 'chat')) {
      const request = requestOf(exchange);
      if (exchange.response.status >= 400 || !Array.isArray(request.messages)) continue;
      for (const name of MODELS) {
        const body = bodyFor(request, name);
        if (typeof body === 'string') {
          counts.refused += 1;
          // What has to be fetched first, and tools of other hosts' own.
          expect(body).toMatch(/data URLs and s3|tool.* has functions|knows text, image_url|knows none of the type/);
          continue;
        }
        const found = model.problemsOf('com.amazonaws.bedrockruntime#ConverseRequest', { modelId: 'm', ...body }).filter((problem) => !NEWER.test(problem));
        problems.push(...found.map((problem) => `${exchange.id} ${problem}`));
        counts.right += found.length === 0 ? 1 : 0;
      }
    }
  }
  console.log(`${counts.right} requests for Converse checked, ${counts.refused} refused by name`);
  expect(problems).toEqual([]);
  expect(counts.right).toBeGreaterThan(600);
});

function bodyFor(request: ModelRequest, model: string): JsonObject | string {
  const deployment = { id: 'd', provider: 'bedrock', model, apiKey: secret('k'), parameterRules: { dropUnsupported: true } };
  try {
    const wire = provider.operations.chat?.toRequest({ operation: 'chat', request, deployment });
    return JSON.parse(String(wire?.body)) as JsonObject;
  } catch (error) {
    return String(error);
  }
}
