import { MessageChannel } from 'node:worker_threads';

/** Keeps this process running until the returned function is called. The timers of `Clock` do not. */
export function keepAlive(): () => void {
  const { port1 } = new MessageChannel();
  // A port that somebody listens to counts as work to be done.
  port1.on('message', () => {});
  return () => port1.close();
}
