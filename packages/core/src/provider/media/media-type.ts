/** What a part of a message holds. */
export type MediaKind = 'image' | 'file' | 'audio' | 'video';

/** First bytes by which files tell what they are, in hexadecimal. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^89504e470d0a1a0a/, 'image/png'],
  [/^ffd8ff/, 'image/jpeg'],
  [/^474946383[79]61/, 'image/gif'],
  [/^52494646.{8}57454250/, 'image/webp'],
  [/^.{8}66747970(?:68656963|68656978|6d696631)/, 'image/heic'],
  [/^255044462d/, 'application/pdf'],
  [/^52494646.{8}57415645/, 'audio/wav'],
  [/^(?:494433|ff(?:f3|fb))/, 'audio/mpeg'],
  [/^664c6143/, 'audio/flac'],
  [/^4f676753/, 'audio/ogg'],
  [/^.{8}66747970/, 'video/mp4'],
  [/^1a45dfa3/, 'video/webm'],
];
const LONGEST_SIGNATURE = 16;
/** Says nothing. */
const UNTYPED = /^(?:|(?:application|binary)\/octet-stream)$/;
const EXPECTED: Readonly<Record<MediaKind, RegExp>> = {
  image: /^image\//,
  audio: /^(?:audio\/|application\/ogg$)/,
  video: /^video\//,
  // A page in the place of a document is an error, or a question to log in.
  file: /^(?!text\/html$|application\/xhtml)[\w.+-]+\/[\w.+-]+$/,
};

/** The type of what arrived, where it is of the kind that was expected. The bytes know it better than their server. */
export function mediaTypeOf(bytes: Buffer, contentType: string, kind: MediaKind): string | undefined {
  const head = bytes.toString('hex', 0, LONGEST_SIGNATURE);
  const said = (contentType.split(';', 1)[0] as string).trim().toLowerCase();
  const type = SIGNATURES.find(([signature]) => signature.test(head))?.[1] ?? (UNTYPED.test(said) ? undefined : said);
  return type !== undefined && EXPECTED[kind].test(type) ? type : undefined;
}
