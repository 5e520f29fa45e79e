import { GatewayError, type ProviderCall } from '@sluice/core';

export type UploadedFile = { readonly bytes: Uint8Array; readonly mediaType: string };

const TYPES_BY_ENDING: Readonly<Record<string, string>> = {
  flac: 'audio/flac',
  m4a: 'audio/mp4',
  mp3: 'audio/mpeg',
  mp4: 'audio/mp4',
  mpeg: 'audio/mpeg',
  mpga: 'audio/mpeg',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  webm: 'audio/webm',
};

/** The files of a form by the names of their fields. The AI SDK takes files as a whole, so they are held in memory. */
export async function readFiles({ upload }: ProviderCall): Promise<ReadonlyMap<string, readonly UploadedFile[]>> {
  if (!upload) throw new GatewayError('invalid_request', "'file' is missing: it is sent as a form", { param: 'file' });
  const files = new Map<string, UploadedFile[]>();
  for (const { field, contentType, fileName, bytes } of (await upload.whole()).files) {
    const name = field.replace(/\[\]$/, '');
    files.set(name, [...(files.get(name) ?? []), { bytes, mediaType: mediaTypeOf(contentType, fileName) }]);
  }
  return files;
}

function mediaTypeOf(type: string, name: string | undefined): string {
  if (type !== 'application/octet-stream') return type;
  return TYPES_BY_ENDING[name?.split('.').at(-1)?.toLowerCase() ?? ''] ?? type;
}
