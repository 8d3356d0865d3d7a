import { Socket } from 'node:net';

// Only this machine can be reached from a test; anything else fails at once and says which test asked.
const connect = Socket.prototype.connect;
const loopback = /^(localhost|127(\.\d+){3}|::1|\[::1\])$/;

Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host = typeof first === 'object' && first !== null && 'host' in first ? first.host : args[1];
  const path = typeof first === 'object' && first !== null && 'path' in first ? first.path : undefined;
  if (typeof host === 'string' && !path && !loopback.test(host)) {
    throw new Error(`The outside network is off in tests: ${host}`);
  }
  return Reflect.apply(connect, this, args);
} as typeof connect;
