import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../wire/envelope.ts';

/** Feishu answers 20094 while it waits. Its other numbers are not known; clients go by the name in `error`. */
export const deviceCodes = { pending: 20_094, slowDown: 20_095, denied: 20_096, expired: 20_097 };

/** What is common to whatever a person confirms by a user code (RFC 8628). */
export const deviceStateSchema = z.object({
  userCode: z.string(),
  expiresAt: z.number(),
  intervalS: z.number(),
  polledAt: z.number().nullable(),
});

type DeviceState = z.infer<typeof deviceStateSchema>;

export interface DeviceCodes {
  /** Secret. */
  deviceCode: string;
  userCode: string;
}

const letters = 'BCDFGHJKLMNPQRSTVWXZ23456789';

export function newCodes(): DeviceCodes {
  const four = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return { deviceCode: randomBytes(48).toString('base64url'), userCode: `${four()}-${four()}` };
}

/** A user code as a person may have typed it. */
export function tidyUserCode(typed: string): string {
  const plain = typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return `${plain.slice(0, 4)}-${plain.slice(4)}`;
}

/** A timer may be a little early and a request a little late; neither is haste. */
const slackMs = 100;

/** Why there is nothing to hand out yet. */
export function notYet(state: DeviceState, now: number): Refusal {
  const tooSoon = state.polledAt !== null && now - state.polledAt + slackMs < state.intervalS * 1000;
  return tooSoon
    ? new Refusal(deviceCodes.slowDown, 'polled more often than the interval allows')
    : new Refusal(deviceCodes.pending, 'the person has not confirmed yet');
}

export const denied = () => new Refusal(deviceCodes.denied, 'the person declined');
export const expired = () => new Refusal(deviceCodes.expired, 'the device code has expired');
export const unknown = () => new Refusal(20_003, 'the device code is unknown');
