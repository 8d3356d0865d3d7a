import { once } from 'node:events';
import { createServer } from 'node:net';

/** The first port after `taken` that is free on both loopback addresses. */
export async function findFreePort(taken: number, tries = 50): Promise<number | undefined> {
  for (let port = taken + 1; port <= Math.min(taken + tries, 65_535); port += 1) {
    if ((await isFree(port, '127.0.0.1')) && (await isFree(port, '::1'))) return port;
  }
  return undefined;
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host });
    await once(server, 'listening');
    return true;
  } catch (error) {
    // A machine without IPv6 has nobody on ::1.
    return (
      error instanceof Error && 'code' in error && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')
    );
  } finally {
    server.close();
  }
}
