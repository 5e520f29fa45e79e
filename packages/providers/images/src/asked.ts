import { BOOKKEEPING_FIELDS, type JsonObject, knownFields, type ProviderCall, readSides, type Refuse, refuser, type Sides } from '@sluice/core';

/** What a caller wants to have drawn. */
export type AskedPictures = {
  readonly prompt: string | undefined;
  readonly count: number;
  /** As the caller says, where it is more than `auto`: `1792x1024`, or a ratio. */
  readonly size: string | undefined;
  readonly sides: Sides | undefined;
  readonly seed: number | undefined;
  /** `png`, `jpeg` or `webp`, of which the host has it. */
  readonly format: string | undefined;
  /** `url` or `b64_json`, for hosts that answer with either. */
  readonly answer: string | undefined;
  /** Fields of the host's own. */
  readonly own: JsonObject;
  readonly refuse: Refuse;
};

/** What a host has a word for. */
export type Honoured = {
  /** Its own fields; `any` where each of its models has others. */
  readonly own: readonly string[] | 'any';
  readonly formats?: readonly string[];
  /** Pictures that one call draws. Default: 1. */
  readonly most?: number;
  readonly seed?: boolean;
  /** As what pictures come: as bytes, as addresses, or as the caller wishes. Default: as addresses, which the gateway fetches for who wants bytes. */
  readonly answers?: 'bytes' | 'addresses' | 'either';
};

const MAPPED = ['prompt', 'n', 'size', 'seed', 'output_format', 'response_format', 'images', 'mask', 'image'];
/** Fields of OpenAI's, with the values that ask for nothing but what happens anyway. */
const USUAL: Readonly<Record<string, readonly unknown[]>> = {
  quality: ['auto', 'standard', 'medium'],
  background: ['auto', 'opaque'],
  moderation: ['auto'],
  style: [],
  stream: [false],
  partial_images: [0],
  output_compression: [100],
  input_fidelity: ['low'],
};

/** @throws GatewayError `unsupported_parameter` for what the host does not have. */
export function readAsked(call: ProviderCall, { own, formats = [], most = 1, seed: hasSeed, answers }: Honoured): AskedPictures {
  const refuse = refuser(call.deployment);
  const given = Object.keys(call.request);
  const ownFields = own === 'any' ? given.filter((name) => !isOpenAIs(name)) : own;
  const usual = given.filter((name) => !ownFields.includes(name) && USUAL[name]?.includes(call.request[name]));
  const request = knownFields(call, [...MAPPED, ...usual, ...ownFields]);
  const { prompt, n, size, seed, output_format: format, response_format: form } = request;
  if (typeof n === 'number' && n > most) refuse('n', most === 1 ? 'a call draws one picture' : `a call draws up to ${most} pictures`);
  if (answers === 'bytes' && form === 'url') refuse('response_format', 'pictures come as bytes (b64_json)');
  if (seed !== undefined && !hasSeed) refuse('seed');
  if (format !== undefined && !formats.includes(String(format)))
    refuse('output_format', formats.length > 0 ? `it is one of ${formats.join(', ')}` : 'the host chooses it');
  const wanted = typeof size === 'string' && size !== 'auto' && size !== '' ? size : undefined;
  return {
    prompt: typeof prompt === 'string' && prompt !== '' ? prompt : undefined,
    count: Math.min(typeof n === 'number' ? n : 1, most),
    size: wanted,
    sides: readSides(wanted),
    seed: hasSeed && seed !== undefined ? Number(seed) : undefined,
    format: formats.find((known) => known === format),
    answer: answers === 'either' && typeof form === 'string' ? form : undefined,
    own: Object.fromEntries(ownFields.flatMap((name) => (request[name] === undefined ? [] : [[name, request[name]]]))),
    refuse,
  };
}

function isOpenAIs(name: string): boolean {
  return name === 'model' || MAPPED.includes(name) || BOOKKEEPING_FIELDS.includes(name) || Object.hasOwn(USUAL, name);
}
