import { providerContract } from '@sluice/testing';
import { describe, test } from 'vitest';
import { gemini } from './studio/gemini.ts';
import { vertex } from './vertex/vertex.ts';
import { fixtures, studioEmbeddings, vertexEmbeddings, asList } from './fixtures.test.support.ts';

describe('AI Studio', () => {
  for (const { name, run } of providerContract({ provider: gemini({ env: {} }), fixtures: [...fixtures, asList, studioEmbeddings] })) test(name, run);
});

describe('Vertex', () => {
  for (const { name, run } of providerContract({ provider: vertex({ env: {} }), fixtures: [...fixtures, asList, vertexEmbeddings] })) test(name, run);
});
