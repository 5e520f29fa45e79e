import { expect } from 'vitest';
import type { Feature } from '../feature.ts';
import { PNG, SPEECH, vectorOf } from '../upstream/other-answers.ts';
import { openaiClient } from './openai-client.ts';

export const openaiMedia: readonly Feature[] = [
  {
    name: 'embeddings (base64, as it asks by default)',
    async run(face) {
      const { data } = await openaiClient(face).embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'three'] });
      expect(data.map(({ embedding }) => Array.from(embedding))).toEqual([vectorOf('one'), vectorOf('three')]);
    },
  },
  {
    name: 'embeddings (float)',
    async run(face) {
      const { data } = await openaiClient(face).embeddings.create({ model: 'text-embedding-3-small', input: 'one', encoding_format: 'float' });
      expect(data[0]?.embedding).toEqual(vectorOf('one'));
    },
  },
  {
    name: 'images, drawn',
    async run(face) {
      const { data } = await openaiClient(face).images.generate({ model: 'gpt-image-1', prompt: 'a dot' });
      expect(data?.[0]?.b64_json).toBe(PNG.toString('base64'));
    },
  },
  {
    name: 'images, changed (upload)',
    async run(face) {
      const image = Buffer.concat([PNG, Buffer.from(SPEECH)]);
      const { data } = await openaiClient(face).images.edit({
        model: 'gpt-image-1',
        prompt: 'bluer',
        image: new File([image], 'dot.png', { type: 'image/png' }),
      });
      expect(data?.[0]?.b64_json).toBe(image.toString('base64'));
    },
  },
  {
    name: 'speech',
    async run(face) {
      const response = await openaiClient(face).audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hello' });
      expect(response.headers.get('content-type')).toBe('audio/mpeg');
      expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(SPEECH))).toBe(true);
    },
  },
  {
    name: 'transcription (upload)',
    async run(face) {
      const file = new File([SPEECH], 'speech.mp3', { type: 'audio/mpeg' });
      const { text } = await openaiClient(face).audio.transcriptions.create({ model: 'whisper-1', file });
      expect(text).toBe(`Heard ${SPEECH.length} bytes by whisper-1`);
    },
  },
  {
    name: 'transcription, streamed',
    async run(face) {
      const file = new File([SPEECH], 'speech.mp3', { type: 'audio/mpeg' });
      const deltas: string[] = [];
      let final: string | undefined;
      for await (const event of await openaiClient(face).audio.transcriptions.create({ model: 'whisper-1', file, stream: true })) {
        if (event.type === 'transcript.text.delta') deltas.push(event.delta);
        if (event.type === 'transcript.text.done') final = event.text;
      }
      expect(final).toBe(`Heard ${SPEECH.length} bytes by whisper-1`);
      expect(deltas.join('')).toBe(final);
    },
  },
  {
    name: 'transcription as plain text',
    async run(face) {
      const file = new File([SPEECH], 'speech.mp3', { type: 'audio/mpeg' });
      expect(await openaiClient(face).audio.transcriptions.create({ model: 'whisper-1', file, response_format: 'text' })).toBe(
        `Heard ${SPEECH.length} bytes by whisper-1\n`,
      );
    },
  },
  {
    name: 'translation (upload)',
    async run(face) {
      const file = new File([SPEECH], 'speech.mp3', { type: 'audio/mpeg' });
      const { text } = await openaiClient(face).audio.translations.create({ model: 'whisper-1', file });
      expect(text).toBe(`Heard ${SPEECH.length} bytes by whisper-1`);
    },
  },
  {
    name: 'moderations',
    async run(face) {
      const { results } = await openaiClient(face).moderations.create({ model: 'omni-moderation-latest', input: 'I hate mondays' });
      expect(results[0]?.flagged).toBe(true);
    },
  },
];
