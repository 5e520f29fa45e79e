import type { Recording } from '@sluice/testing';

export function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

export const ADDRESS = 'https://pictures.example/1.png';

/** How each host gives one picture: the last answer after those before. */
export const DRAWN: Readonly<Record<string, readonly Recording[]>> = {
  stability: [json({ image: 'AAEC', finish_reason: 'SUCCESS', seed: 7 })],
  fal_ai: [
    json({
      status: 'COMPLETED',
      request_id: 'r',
      status_url: 'https://queue.fal.run/fal-ai/flux/requests/r/status',
      response_url: 'https://queue.fal.run/fal-ai/flux/requests/r',
      cancel_url: 'https://queue.fal.run/fal-ai/flux/requests/r/cancel',
    }),
    json({ images: [{ url: ADDRESS, width: 64, height: 32, content_type: 'image/png' }], seed: 7, has_nsfw_concepts: [false], prompt: 'x' }),
  ],
  black_forest_labs: [json({ id: 't', status: 'Ready', result: { sample: ADDRESS, seed: 7, prompt: 'x' } })],
  recraft: [json({ created: 1, data: [{ url: ADDRESS }] })],
  ideogram: [json({ created: '2026-01-01', data: [{ url: ADDRESS, prompt: 'A cat, finely drawn', is_image_safe: true, seed: 7, resolution: '64x32' }] })],
  runwayml: [json({ id: 't', status: 'SUCCEEDED', output: [ADDRESS] })],
  luma: [json({ id: 't', state: 'completed', assets: { image: ADDRESS, video: null } })],
};
