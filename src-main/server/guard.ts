import { Fault } from '../base/fault.ts';

export interface DoorRequest {
  host: string | undefined;
  origin: string | undefined;
  port: number;
  /** Origins beyond the gateway's own that may call. */
  allowedOrigins: readonly string[];
}

const names = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses what a web page or a rebound DNS name sends. Host must name this machine and this port to the letter; Origin,
 * which only browsers send, must be absent, the gateway's own or on the list.
 */
export function checkDoor({ host, origin, port, allowedOrigins }: DoorRequest): void {
  if (host === undefined || !names.some((name) => host.toLowerCase() === `${name}:${port}`))
    throw new Fault('host_refused');
  if (origin === undefined) return;
  const own = names.some((name) => origin === `http://${name}:${port}`);
  if (!own && !allowedOrigins.includes(origin)) throw new Fault('origin_refused');
}
