/** A word that was heard, with its times in seconds. */
export type Word = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly speaker?: string | undefined;
  /** What stands before it. Default: a blank. */
  readonly space?: string | undefined;
};

export type Segment = Omit<Word, 'space'>;

/** What was heard, as every host here can tell it. */
export type Transcript = {
  readonly text: string;
  readonly language?: string | undefined;
  /** Length of the recording in seconds. Default: up to the last word. */
  readonly seconds?: number | undefined;
  /** Seconds that are paid for, where that is something else. */
  readonly billedSeconds?: number | undefined;
  readonly words: readonly Word[];
  /** As the host has cut it. Default: cut by its words. */
  readonly segments?: readonly Segment[] | undefined;
};

/** How long the recording was, as far as that is known. */
export function lengthOf({ seconds, words }: Transcript): number | undefined {
  return seconds ?? words.at(-1)?.end;
}
