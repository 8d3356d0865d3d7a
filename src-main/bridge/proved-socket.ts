import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { asRecord, parseJson } from './message.ts';

/** What listens there is not the gateway: it cannot prove that it has the data folder's key. */
export class Stranger extends Error {
  override readonly name = 'Stranger';
}

const proofMs = 5000;
const mostBytes = 16 * 1024;

/**
 * Opens a connection and has the other side prove that it is our gateway, before anything else is sent over it. A
 * connection stays with one process, so that the proof holds for as long as it does.
 */
export function openProvedSocket(port: number, hello: Buffer, clock: Clock): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const nonce = randomBytes(32).toString('base64url');
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    let heard = '';
    const fail = (error: Error) => {
      release();
      socket.destroy();
      reject(error);
    };
    const disarm = clock.after(proofMs, () => fail(new Stranger('timeout')));
    const onEnd = () => fail(new Error('The connection was closed'));
    const onData = (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      const body = bodyOf(heard);
      if (heard.length > mostBytes) return fail(new Stranger('too much'));
      if (body === undefined) return;
      if (!heard.startsWith('HTTP/1.1 200')) return fail(new Error('The gateway takes no requests now'));
      if (!proves(body, hello, `${nonce} ${port}`)) return fail(new Stranger('no proof'));
      release();
      resolve(socket);
    };
    const release = () => {
      disarm();
      socket.off('data', onData).off('error', fail).off('end', onEnd);
    };
    socket.once('error', fail).once('end', onEnd).on('data', onData);
    socket.write(`GET /hello?nonce=${nonce} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  });
}

/** The body of an HTTP answer, once all of it is there. */
function bodyOf(answer: string): string | undefined {
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
  const body = rest.join('\r\n\r\n');
  // An answer without a length is none that our gateway gives.
  if (rest.length > 0 && Number.isNaN(length)) return '';
  return body.length >= length ? body.slice(0, length) : undefined;
}

function proves(body: string, hello: Buffer, text: string): boolean {
  const { name, proof } = asRecord(parseJson(body));
  const [given, expected] = [
    Buffer.from(String(proof)),
    Buffer.from(createHmac('sha256', hello).update(text).digest('base64url')),
  ];
  return name === 'larkgate' && given.length === expected.length && timingSafeEqual(given, expected);
}
