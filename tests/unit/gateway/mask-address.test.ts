import { expect, test } from 'vitest';
import { maskAddress } from '../../../src-main/gateway/mask-address.ts';

test.each([
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['192.168.7.42', '192.168.*.*'],
  ['::ffff:10.1.2.3', '10.1.*.*'],
  ['fe80:1234::abcd:1', 'fe80:1234:*'],
])('%s is shown as %s', (address, shown) => {
  expect(maskAddress(address)).toBe(shown);
});
