import Instructor from '@instructor-ai/instructor';
import { expect } from 'vitest';
import { z } from 'zod/v3';
import type { Feature } from '../feature.ts';
import { openaiClient } from './openai-client.ts';

const schema = z.object({ city: z.string(), degrees: z.number() });
const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'How is the weather?' }] };

export const instructorFeatures: readonly Feature[] = (['TOOLS', 'JSON_SCHEMA', 'JSON'] as const).map((mode) => ({
  name: `extraction in mode ${mode}`,
  async run(face) {
    const client = Instructor({ client: openaiClient(face) as never, mode });
    const found = await client.chat.completions.create({ ...ask, response_model: { schema: schema as never, name: 'Weather' } });
    expect(found).toMatchObject({ city: 'Zürich', degrees: 36 });
  },
}));
