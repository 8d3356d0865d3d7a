import { z } from 'zod';
import { isLoopback } from '../../base/http-client.ts';

/** A link that a person is asked to open: https, or http to a stand-in on this machine, and nothing else. */
export const verificationLink = z.url({ protocol: /^https?$/ }).refine((link) => {
  const { protocol, hostname } = new URL(link);
  return protocol === 'https:' || isLoopback(hostname);
});
