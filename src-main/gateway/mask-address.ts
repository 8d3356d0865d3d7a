import { isIPv4 } from 'node:net';

/** An address as people may see it: `loopback`, or its beginning, which tells networks apart and not persons. */
export function maskAddress(address: string): string {
  const plain = address.replace(/^::ffff:/i, '');
  if (plain === '::1' || plain.startsWith('127.')) return 'loopback';
  const [first = '', second = ''] = plain.split(isIPv4(plain) ? '.' : ':');
  return isIPv4(plain) ? `${first}.${second}.*.*` : `${first}:${second}:*`;
}
