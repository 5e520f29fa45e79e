import type { Segment, Transcript, Word } from './transcript.ts';

/** Two lines of a subtitle. */
const LONGEST_CHARACTERS = 84;
const LONGEST_SECONDS = 10;
const PAUSE_SECONDS = 0.8;
const SENTENCE_END = /[.?!…。？！]["'»«“”’)\]]*$/;

/** The segments of a transcript: the host's, or such as a reader can follow. */
export function segmentsOf({ segments, words }: Transcript): readonly Segment[] {
  if (segments) return segments;
  const cut: Segment[] = [];
  for (const word of words) {
    const last = cut.at(-1);
    if (last && belongsTo(last, word)) cut[cut.length - 1] = { ...last, text: `${last.text}${word.space ?? ' '}${word.text}`, end: word.end };
    else cut.push({ text: word.text, start: word.start, end: word.end, speaker: word.speaker });
  }
  return cut;
}

function belongsTo({ text, start, end, speaker }: Segment, word: Word): boolean {
  return (
    speaker === word.speaker &&
    !SENTENCE_END.test(text) &&
    word.start - end < PAUSE_SECONDS &&
    word.end - start <= LONGEST_SECONDS &&
    text.length + word.text.length < LONGEST_CHARACTERS
  );
}
