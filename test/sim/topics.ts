import { seededRandom } from '../support/seeded-random.ts';

/** What people ask about, by topic: the first two of each are the examples that a route is told by. */
export const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  law: ['May my landlord end the lease', 'Is this clause of the contract valid', 'Who is liable for the broken lease', 'Can a tenant sue over the contract'],
  medicine: ['Which dose of this drug is safe', 'Is this rash a symptom of measles', 'What symptom does the drug cause', 'When is a fever a symptom of flu'],
  code: [
    'Why does this function throw an exception',
    'How do I sort an array in a script',
    'Write a function that sorts an array',
    'My script throws an exception, why',
  ],
};

const SIZE = 64;

/** A vector of a text: which words it has, each with a place of its own by its hash. Near texts share words. */
export function toVector(text: string): readonly number[] {
  const vector = new Array<number>(SIZE).fill(0);
  for (const word of text.toLowerCase().match(/[a-z]{4,}/g) ?? []) {
    let hash = 7;
    for (const letter of word) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
    vector[Math.floor(seededRandom(hash)() * SIZE)] = 1;
  }
  return vector;
}
