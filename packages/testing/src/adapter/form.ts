const BOUNDARY = 'the-boundary';

/** An upload: the model's name, then the file. */
export function form(model: string, file: Buffer): { readonly headers: Record<string, string>; readonly body: Buffer } {
  const head = `--${BOUNDARY}\r\n${part('name="model"')}${model}\r\n--${BOUNDARY}\r\n${part('name="file"; filename="a.mp3"')}`;
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
  };
}

function part(disposition: string): string {
  return `Content-Disposition: form-data; ${disposition}\r\n\r\n`;
}
