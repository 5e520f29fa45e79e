import { zodResponseFormat } from 'openai/helpers/zod';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Feature } from '../feature.ts';
import { MODELS } from '../gateway-under-test.ts';
import { PNG } from '../upstream/other-answers.ts';
import { openaiClient } from './openai-client.ts';

const messages = [{ role: 'user', content: 'Grüße, 世界' }] as const;
const ask = { model: 'gpt-4o-mini', messages: [...messages] };
const weather = {
  type: 'function',
  function: { name: 'get_weather', description: 'The weather of a city', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
} as const;

export const openaiChat: readonly Feature[] = [
  {
    name: 'chat',
    async run(face) {
      const { data, request_id: id } = await openaiClient(face).chat.completions.create(ask).withResponse();
      expect(data.choices[0]?.message.content).toBe('You said: Grüße, 世界');
      expect(data.usage).toMatchObject({ total_tokens: 17, prompt_tokens_details: { cached_tokens: 4 } });
      expect(id).toMatch(/./);
    },
  },
  {
    name: 'chat, streamed',
    async run(face) {
      const stream = await openaiClient(face).chat.completions.create({ ...ask, stream: true, stream_options: { include_usage: true } });
      let text = '';
      let total: number | undefined;
      for await (const { choices, usage } of stream) {
        text += choices[0]?.delta.content ?? '';
        total = usage?.total_tokens;
      }
      expect(text).toBe('You said: Grüße, 世界');
      expect(total).toBe(17);
    },
  },
  {
    name: 'stream helper',
    async run(face) {
      const runner = openaiClient(face).chat.completions.stream(ask);
      const pieces: string[] = [];
      runner.on('content', (piece) => pieces.push(piece));
      expect((await runner.finalChatCompletion()).choices[0]?.finish_reason).toBe('stop');
      expect(pieces.join('')).toBe('You said: Grüße, 世界');
      expect(pieces.length).toBeGreaterThan(2);
    },
  },
  {
    name: 'tools',
    async run(face) {
      const { choices } = await openaiClient(face).chat.completions.create({ ...ask, tools: [weather] });
      expect(choices[0]).toMatchObject({
        finish_reason: 'tool_calls',
        message: { tool_calls: [{ id: 'call_0', function: { name: 'get_weather', arguments: '{"city":"Zürich"}' } }] },
      });
    },
  },
  {
    name: 'tools, streamed and run by the helper',
    async run(face) {
      const cities: string[] = [];
      const runner = openaiClient(face).chat.completions.runTools({
        ...ask,
        stream: true,
        tools: [
          {
            type: 'function',
            function: {
              ...weather.function,
              parse: (text) => JSON.parse(text) as { city: string },
              function: ({ city }: { city: string }) => cities.push(city),
            },
          },
        ],
      });
      expect(await runner.finalContent()).toMatch(/^You said: /);
      expect(cities).toEqual(['Zürich']);
    },
  },
  {
    name: 'structured output (zod)',
    async run(face) {
      const format = zodResponseFormat(z.object({ city: z.string(), degrees: z.number() }), 'weather');
      const { choices } = await openaiClient(face).chat.completions.parse({ ...ask, response_format: format });
      expect(choices[0]?.message.parsed).toEqual({ city: 'Zürich', degrees: 36 });
    },
  },
  {
    name: 'images among the texts',
    async run(face) {
      const image_url = { url: `data:image/png;base64,${PNG.toString('base64')}` };
      const content = [
        { type: 'text' as const, text: 'What is it?' },
        { type: 'image_url' as const, image_url },
      ];
      const { choices } = await openaiClient(face).chat.completions.create({ ...ask, messages: [{ role: 'user', content }] });
      expect(choices[0]?.message.content).toBe('You said: What is it?');
    },
  },
  {
    name: 'completions',
    async run(face) {
      const { choices } = await openaiClient(face).completions.create({ model: 'gpt-4o-mini', prompt: 'On' });
      expect(choices[0]?.text).toBe(', and on');
    },
  },
  {
    name: 'completions, streamed',
    async run(face) {
      let text = '';
      for await (const { choices } of await openaiClient(face).completions.create({ model: 'gpt-4o-mini', prompt: 'On', stream: true }))
        text += choices[0]?.text ?? '';
      expect(text).toBe(', and on');
    },
  },
  {
    name: 'responses',
    async run(face) {
      const response = await openaiClient(face).responses.create({ model: 'gpt-4o-mini', input: 'Hi' });
      expect(response.output_text).toBe('You said: Hi');
    },
  },
  {
    name: 'responses, streamed',
    async run(face) {
      const final = await openaiClient(face).responses.stream({ model: 'gpt-4o-mini', input: 'Hi' }).finalResponse();
      expect(final.output_text).toBe('You said: Hi');
    },
  },
  {
    name: 'models, listed and by name',
    async run(face) {
      const client = openaiClient(face);
      const { data } = await client.models.list();
      expect(data.map(({ id }) => id).sort()).toEqual([...MODELS].sort());
      expect(await client.models.retrieve('gpt-4o-mini')).toMatchObject({ id: 'gpt-4o-mini', object: 'model' });
    },
  },
];
