import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DesktopOrder, DesktopView } from '../fakes/electron-process.ts';
import { cleanEnvironment, projectFolder } from './run-node.ts';

export interface DesktopProcess {
  /** Does something to the desktop; resolves with what it looks like after. */
  order(order: DesktopOrder): Promise<DesktopView>;
  /** Looks until it looks right. */
  until(isRight: (view: DesktopView) => boolean): Promise<DesktopView>;
  exited: Promise<number | null>;
  stderr: Promise<string>;
}

/** Runs the built desktop app in plain Node, with the stand-in where it asks for Electron. */
export function startDesktop(home: string, environment: Record<string, string>, argv: string[] = []): DesktopProcess {
  const hook = join(projectFolder, 'tests/fakes/electron-hook.ts');
  const child = spawn(process.execPath, ['--import', hook, join(projectFolder, 'dist/main.mjs'), ...argv], {
    cwd: home,
    env: { ...cleanEnvironment(home), ...environment },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const order = createOrders(child);
  return {
    order,
    until: async (isRight) => {
      for (;;) {
        const view = await order({ do: 'look' });
        if (isRight(view)) return view;
      }
    },
    exited: once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null)),
    stderr: child.stderr ? text(child.stderr) : Promise.resolve(''),
  };
}

function createOrders(child: ChildProcess): DesktopProcess['order'] {
  const waiting = new Map<number, (view: DesktopView) => void>();
  let last = 0;
  child.on('message', (answer: { id: number; view: DesktopView }) => waiting.get(answer.id)?.(answer.view));
  return (order) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, resolve);
      child.send({ id: last, order }, (error) => error && reject(error));
    });
}
