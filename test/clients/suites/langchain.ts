import { HumanMessage, ToolMessage, type UsageMetadata } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Feature } from '../feature.ts';
import type { Face } from '../faces.ts';
import { KEYS } from '../gateway-under-test.ts';
import { vectorOf } from '../upstream/other-answers.ts';

function connection({ baseURL, fetch }: Face) {
  return { apiKey: KEYS.good, maxRetries: 0, configuration: { baseURL, ...(fetch ? { fetch } : {}) } };
}

function chat(face: Face): ChatOpenAI {
  return new ChatOpenAI({ model: 'gpt-4o-mini', ...connection(face) });
}

const weather = tool(({ city }) => `21 degrees in ${city}`, {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: z.object({ city: z.string() }),
});

export const langchainFeatures: readonly Feature[] = [
  {
    name: 'chat',
    async run(face) {
      const { text, usage_metadata: usage } = await chat(face).invoke('Hi');
      expect(text).toBe('You said: Hi');
      expect(usage).toMatchObject({ input_tokens: 12, output_tokens: 5 });
    },
  },
  {
    name: 'chat, streamed',
    async run(face) {
      let text = '';
      let tokens = 0;
      for await (const chunk of await chat(face).stream('Hi')) {
        text += chunk.text;
        tokens += (chunk.usage_metadata as UsageMetadata | undefined)?.total_tokens ?? 0;
      }
      expect([text, tokens]).toEqual(['You said: Hi', 17]);
    },
  },
  {
    name: 'tools, called and answered',
    async run(face) {
      const model = chat(face).bindTools([weather]);
      const question = new HumanMessage('How is the weather?');
      const first = await model.invoke([question]);
      const [call] = first.tool_calls ?? [];
      expect(call).toMatchObject({ name: 'get_weather', args: { city: 'Zürich' } });
      const result = await weather.invoke({ city: 'Zürich' });
      const last = await model.invoke([question, first, new ToolMessage({ content: result, tool_call_id: call?.id ?? '' })]);
      expect(last.text).toBe('You said: 21 degrees in Zürich');
    },
  },
  {
    name: 'structured output (zod)',
    async run(face) {
      const model = chat(face).withStructuredOutput(z.object({ city: z.string(), degrees: z.number() }), { name: 'weather' });
      expect(await model.invoke('How is the weather?')).toEqual({ city: 'Zürich', degrees: 36 });
    },
  },
  {
    name: 'embeddings',
    async run(face) {
      const embeddings = new OpenAIEmbeddings({ model: 'text-embedding-3-small', ...connection(face) });
      expect(await embeddings.embedDocuments(['one', 'three'])).toEqual([vectorOf('one'), vectorOf('three')]);
    },
  },
];
