/** Speakers by letters, as OpenAI names them. */
export function speakerLetter(speaker: number | undefined): string | undefined {
  return speaker === undefined ? undefined : speaker < 26 ? String.fromCharCode(65 + speaker) : String(speaker);
}
