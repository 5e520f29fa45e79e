import { type ChatMessage, type ContentPart, type Deployment, GatewayError } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import type { Content } from '../wire.ts';
import { toContents } from './messages.ts';

const deployment: Deployment = { id: 'd', provider: 'gemini', model: 'gemini-2.5-flash' };
const contentsOf = (messages: readonly ChatMessage[], model = deployment.model): readonly Content[] =>
  toContents(messages, { ...deployment, model }, true).contents;
const call = (id: string, name: string, args = '{"a":1}', more = {}): NonNullable<ChatMessage['tool_calls']>[number] => ({
  id,
  type: 'function',
  function: { name, arguments: args },
  ...more,
});
const signed = { extra_content: { google: { thought_signature: 'c2ln' } } };

describe('a conversation', () => {
  test('has the turns of one side joined, and its instructions apart', () => {
    const messages: ChatMessage[] = [
      { role: 'system', content: 'Be terse.' },
      { role: 'user', content: 'A' },
      { role: 'user', content: [{ type: 'text', text: 'B' }] },
      { role: 'assistant', content: 'C' },
      { role: 'developer', content: 'Really.' },
    ];
    expect(toContents(messages, deployment, true)).toEqual({
      contents: [
        { role: 'user', parts: [{ text: 'A' }, { text: 'B' }] },
        { role: 'model', parts: [{ text: 'C' }] },
      ],
      systemInstruction: { parts: [{ text: 'Be terse.' }, { text: 'Really.' }] },
    });
  });

  test('of instructions alone is what the user says', () => {
    expect(toContents([{ role: 'system', content: 'Greet.' }], deployment, true)).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Greet.' }] }] });
  });

  test('has results by the name of their function, as they were written', () => {
    const messages: ChatMessage[] = [
      { role: 'user', content: 'A' },
      { role: 'assistant', content: null, tool_calls: [call('1', 'f'), call('2', 'g', '')] },
      { role: 'tool', tool_call_id: '2', content: '{"big": 12345678901234567890}' },
      {
        role: 'tool',
        tool_call_id: '1',
        content: [
          { type: 'text', text: 'x' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
        ],
      },
    ];
    expect(contentsOf(messages).slice(1)).toEqual([
      { role: 'model', parts: [{ functionCall: { id: '1', name: 'f', args: { a: 1 } } }, { functionCall: { id: '2', name: 'g', args: {} } }] },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: '2', name: 'g', response: { output: '{"big": 12345678901234567890}' } } },
          { functionResponse: { id: '1', name: 'f', response: { output: 'x' } } },
          { inlineData: { mimeType: 'image/png', data: 'AA==' } },
        ],
      },
    ]);
  });

  test('gives signatures back where they were, and says of the third generation’s calls that have none', () => {
    const messages: ChatMessage[] = [
      { role: 'assistant', content: 'Hm', ...signed },
      { role: 'user', content: 'A' },
      { role: 'assistant', content: null, tool_calls: [call('1', 'f', '{}', signed), call('2', 'g', '{}')] },
      { role: 'user', content: 'B' },
      { role: 'assistant', content: null, tool_calls: [call('3', 'f', '{}'), call('4', 'g', '{}')] },
    ];
    const signatures = (model: string): unknown[] => contentsOf(messages, model).flatMap(({ parts = [] }) => parts.map((part) => part.thoughtSignature));
    expect(signatures('gemini-2.5-flash')).toEqual(['c2ln', undefined, 'c2ln', undefined, undefined, undefined, undefined]);
    expect(signatures('gemini-3-flash-preview')).toEqual(['c2ln', undefined, 'c2ln', undefined, undefined, 'skip_thought_signature_validator', undefined]);
  });

  test.each<[string, ChatMessage[], string]>([
    ['a result of nothing', [{ role: 'tool', tool_call_id: '9', content: 'x' }], 'messages[0].tool_call_id'],
    [
      'arguments that are no object',
      [{ role: 'assistant', content: null, tool_calls: [call('1', 'f', '[1]')] }],
      'messages[0].tool_calls[0].function.arguments',
    ],
  ])('is refused with %s', (_, messages, param) => {
    expect(() => contentsOf(messages)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });
});

describe('files', () => {
  const partOf = (part: ContentPart): unknown => contentsOf([{ role: 'user', content: [part] }])[0]?.parts?.[0];
  const refusalOf = (part: ContentPart): GatewayError | undefined => {
    try {
      return void partOf(part) as undefined;
    } catch (error) {
      return GatewayError.from(error);
    }
  };
  const image = (url: string, more = {}): ContentPart => ({ type: 'image_url', image_url: { url, ...more } });

  test.each<[string, ContentPart, unknown]>([
    ['an image inline', image('data:image/png;base64,AA=='), { inlineData: { mimeType: 'image/png', data: 'AA==' } }],
    ['an image in plain characters', image('data:image/svg+xml,%3Csvg%2F%3E'), { inlineData: { mimeType: 'image/svg+xml', data: 'PHN2Zy8+' } }],
    [
      'an image by its address',
      image('https://example.com/a.JPG?x=1.png'),
      { fileData: { mimeType: 'image/jpeg', fileUri: 'https://example.com/a.JPG?x=1.png' } },
    ],
    [
      'an image whose type is told',
      image('https://example.com/a', { format: 'image/webp' }),
      { fileData: { mimeType: 'image/webp', fileUri: 'https://example.com/a' } },
    ],
    ['a file in Google’s store', { type: 'file', file: { file_id: 'gs://b/a.pdf' } }, { fileData: { mimeType: 'application/pdf', fileUri: 'gs://b/a.pdf' } }],
    [
      'a file uploaded to Google',
      { type: 'file', file: { file_id: 'https://generativelanguage.googleapis.com/v1beta/files/x' } },
      { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/x' } },
    ],
    [
      'a document',
      { type: 'file', file: { file_data: 'data:application/pdf;base64,AA==', filename: 'a.pdf' } },
      { inlineData: { mimeType: 'application/pdf', data: 'AA==' } },
    ],
    [
      'a document in bare base64',
      { type: 'file', file: { file_data: 'AA==', filename: 'a.pdf' } },
      { inlineData: { mimeType: 'application/pdf', data: 'AA==' } },
    ],
    ['a recording', { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }, { inlineData: { mimeType: 'audio/wav', data: 'AA==' } }],
  ])('take in %s', (_, part, expected) => {
    expect(partOf(part)).toEqual(expected);
  });

  test.each<[string, ContentPart, string, string]>([
    ['an address that says no type', image('https://example.com/a'), 'unsupported_parameter', 'messages[0].content[0].image_url'],
    ['an address on this machine', image('file:///etc/passwd'), 'unsupported_parameter', 'messages[0].content[0].image_url'],
    ['an address without encryption', image('http://example.com/a.png'), 'unsupported_parameter', 'messages[0].content[0].image_url'],
    ['half a data URL', image('data:image/png'), 'invalid_request', 'messages[0].content[0].image_url'],
    ['a part nobody knows', { type: 'hologram' }, 'unsupported_parameter', 'messages[0].content[0].type'],
    ['a document of no known type', { type: 'file', file: { file_data: 'AA==' } }, 'unsupported_parameter', 'messages[0].content[0].file.file_data'],
  ])('refuse %s', (_, part, code, param) => {
    expect(refusalOf(part)).toMatchObject({ code, param });
  });
});
