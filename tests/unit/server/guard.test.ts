import { describe, expect, test } from 'vitest';
import { checkDoor } from '../../../src-main/server/guard.ts';
import { Fault } from '../../../src-main/base/fault.ts';

function verdict(host: string | undefined, origin?: string, allowedOrigins: string[] = []): string {
  try {
    checkDoor({ host, origin, port: 5275, allowedOrigins });
    return 'open';
  } catch (error) {
    return Fault.from(error).code;
  }
}

describe('checkDoor', () => {
  test.each(['127.0.0.1:5275', 'localhost:5275', 'LOCALHOST:5275', '[::1]:5275'])(
    'this machine is let in as %s',
    (host) => {
      expect(verdict(host)).toBe('open');
    },
  );

  test.each([
    undefined,
    '',
    'evil.example',
    'evil.example:5275',
    '127.0.0.1',
    '127.0.0.1:5276',
    'localhost:80',
    '127.0.0.1:5275.evil.example',
    'user@127.0.0.1:5275',
    '[::1]',
    '0.0.0.0:5275',
    '127.0.0.2:5275',
  ])('another name or port is refused: %s', (host) => {
    expect(verdict(host)).toBe('host_refused');
  });

  test.each([
    'https://evil.example',
    'null',
    'file://',
    'http://localhost:5173',
    'http://127.0.0.1:5276',
    'https://127.0.0.1:5275',
    '',
  ])('a page of another origin is refused: %s', (origin) => {
    expect(verdict('127.0.0.1:5275', origin)).toBe('origin_refused');
  });

  test('the gateway’s own pages and listed origins may call', () => {
    expect(verdict('127.0.0.1:5275', 'http://localhost:5275')).toBe('open');
    expect(verdict('127.0.0.1:5275', 'http://localhost:6274', ['http://localhost:6274'])).toBe('open');
  });
});
