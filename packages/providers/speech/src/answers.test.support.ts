import type { Recording } from '@sluice/testing';

export function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

export const sound: Recording = { status: 200, headers: { 'content-type': 'audio/mpeg' }, body: Buffer.from('ID3 sound') };

const alternatives = [
  {
    transcript: 'Hello there. Bye.',
    words: [
      { word: 'hello', punctuated_word: 'Hello', start: 0.1, end: 0.4, speaker: 0 },
      { word: 'there', punctuated_word: 'there.', start: 0.5, end: 0.9, speaker: 0 },
      { word: 'bye', punctuated_word: 'Bye.', start: 2, end: 2.5, speaker: 1 },
    ],
  },
];
const utterances = [
  { transcript: 'Hello there.', start: 0.1, end: 0.9, speaker: 0 },
  { transcript: 'Bye.', start: 2, end: 2.5, speaker: 1 },
];

/** What each host says of the same short recording of two people; the last answer after those before. */
export const HEARD: Readonly<Record<string, readonly Recording[]>> = {
  deepgram: [json({ metadata: { duration: 3, channels: 1 }, results: { channels: [{ detected_language: 'en', alternatives }], utterances } })],
  elevenlabs: [
    json({
      language_code: 'en',
      text: 'Hello there. Bye.',
      audio_duration_secs: 3,
      words: [
        { type: 'word', text: 'Hello', start: 0.1, end: 0.4, speaker_id: 'speaker_0' },
        { type: 'spacing', text: ' ', start: 0.4, end: 0.5, speaker_id: 'speaker_0' },
        { type: 'word', text: 'there.', start: 0.5, end: 0.9, speaker_id: 'speaker_0' },
        { type: 'spacing', text: ' ', start: 0.9, end: 2 },
        { type: 'word', text: 'Bye.', start: 2, end: 2.5, speaker_id: 'speaker_1' },
      ],
    }),
  ],
  assemblyai: [
    json({ upload_url: 'https://cdn.assemblyai.com/upload/1' }),
    json({
      id: 'job 1',
      status: 'completed',
      text: 'Hello there. Bye.',
      language_code: 'en',
      audio_duration: 3,
      words: [
        { text: 'Hello', start: 100, end: 400, speaker: 'A' },
        { text: 'there.', start: 500, end: 900, speaker: 'A' },
        { text: 'Bye.', start: 2000, end: 2500, speaker: 'B' },
      ],
      utterances: null,
    }),
  ],
  gladia: [
    json({ audio_url: 'https://api.gladia.io/file/1', audio_metadata: { id: '1' } }),
    json({
      id: 'job 1',
      status: 'done',
      result: {
        metadata: { audio_duration: 3, billing_time: 3 },
        transcription: {
          full_transcript: 'Hello there. Bye.',
          languages: ['en'],
          utterances: [
            {
              text: 'Hello there.',
              start: 0.1,
              end: 0.9,
              speaker: 0,
              words: [
                { word: 'Hello', start: 0.1, end: 0.4 },
                { word: ' there.', start: 0.5, end: 0.9 },
              ],
            },
            { text: 'Bye.', start: 2, end: 2.5, speaker: 1, words: [{ word: ' Bye.', start: 2, end: 2.5 }] },
          ],
        },
      },
    }),
  ],
  cartesia: [
    json({
      text: 'Hello there. Bye.',
      language: 'en',
      duration: 3,
      words: [
        { word: 'Hello', start: 0.1, end: 0.4 },
        { word: 'there.', start: 0.5, end: 0.9 },
        { word: 'Bye.', start: 2, end: 2.5 },
      ],
    }),
  ],
  xai_audio: [
    json({
      text: 'Hello there. Bye.',
      language: 'en',
      duration: 3,
      words: [
        { text: 'Hello', start: 0.1, end: 0.4, speaker: 0 },
        { text: 'there.', start: 0.5, end: 0.9, speaker: 0 },
        { text: 'Bye.', start: 2, end: 2.5, speaker: 1 },
      ],
    }),
  ],
};
