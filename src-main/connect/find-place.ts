import { existsSync } from 'node:fs';
import type { ClientSpec, Place } from './client-spec.ts';
import type { Machine } from './machine.ts';

/** Where a client's entry belongs on this machine: in the first file that exists, or else in the first folder that does. */
export function findPlace(spec: ClientSpec, machine: Machine): Place | undefined {
  const places = spec.places(machine);
  return places.find(({ file }) => existsSync(file)) ?? places.find(({ folder }) => existsSync(folder)) ?? places[0];
}

/** Whether there is a trace of the client on this machine. */
export function isPresent(spec: ClientSpec, machine: Machine): boolean {
  const marks = spec.marks?.(machine) ?? [];
  // A home folder is there with or without the client.
  const traces = spec
    .places(machine)
    .flatMap(({ file, folder }) => (folder === machine.home ? [file] : [file, folder]));
  return [...marks, ...traces].some((path) => existsSync(path));
}
