import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

const names = z.array(z.string().min(1)).default([]);
const perIdentity = z.strictObject({ tenant: names, user: names }).prefault({});

const addonsSchema = z.strictObject({
  preset: z.boolean().default(true),
  scopes: perIdentity,
  events: z.strictObject({ items: perIdentity }).prefault({}),
  callbacks: z.strictObject({ items: names }).prefault({}),
});

/** What a registration link asks for besides the app itself: base64url of gzip of JSON. */
export type Addons = z.infer<typeof addonsSchema>;

const maxBytes = 256 * 1024;

/** Anything that is not exactly of the form is dropped as a whole, without a word. */
export function readAddons(text: string | undefined): Addons {
  try {
    const packed = Buffer.from(text ?? '', 'base64url');
    return addonsSchema.parse(JSON.parse(gunzipSync(packed, { maxOutputLength: maxBytes }).toString('utf8')));
  } catch {
    return addonsSchema.parse({});
  }
}
