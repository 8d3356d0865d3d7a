import { createFakeElectron, FakeDesktop } from './electron.ts';

/**
 * Electron's module in a process of its own, led by the test through messages: each names something to do, and is
 * answered with what the desktop looks like after it.
 */
export interface DesktopView {
  trays: { image: string; tooltip: string; labels: string[]; destroyed: boolean }[];
  windows: { url: string; title: string; visible: boolean; focused: number; webPreferences: unknown }[];
  notifications: { title: string; body: string }[];
  questions: { message: string; detail: string; buttons: string[] }[];
  opened: string[];
  clipboard: string;
  refused: string[];
}

export type DesktopOrder =
  | { do: 'look' }
  | { do: 'click'; item: string }
  | { do: 'answer'; button: string }
  | { do: 'second'; argv: string[] }
  | { do: 'sleep'; ms: number }
  | { do: 'navigate'; window: number; urls: string[] }
  | { do: 'quit' };

const desktop = new FakeDesktop({ home: process.env['HOME'] ?? '' });
void desktop.exited.then(() => process.exit(desktop.exitCode));

process.on('message', ({ id, order }: { id: number; order: DesktopOrder }) => {
  const refused = obey(order);
  process.send?.({ id, view: { ...look(), refused } });
});
process.on('disconnect', () => process.exit(1));

/** Returns the addresses that a window refused to go to. */
function obey(order: DesktopOrder): string[] {
  switch (order.do) {
    case 'click':
      desktop.click(order.item);
      return [];
    case 'answer':
      desktop.answer(order.button);
      return [];
    case 'second':
      desktop.app.emit('second-instance', {}, order.argv, '/');
      return [];
    case 'sleep': {
      desktop.powerMonitor.emit('suspend');
      // While a machine sleeps its wall clock goes on, and nothing else does.
      const { now } = Date;
      Date.now = () => now() + order.ms;
      desktop.powerMonitor.emit('resume');
      return [];
    }
    case 'navigate':
      return order.urls.filter((url) => !desktop.openWindows[order.window]?.webContents.wantsTo(url));
    case 'quit':
      // After the answer to this order is on its way.
      setImmediate(() => desktop.quit());
      return [];
    case 'look':
      return [];
  }
}

function look(): Omit<DesktopView, 'refused'> {
  return {
    trays: desktop.trays.map((tray) => ({
      image: tray.image,
      tooltip: tray.tooltip,
      labels: desktop.labels(tray.menu),
      destroyed: tray.destroyed,
    })),
    windows: desktop.openWindows.map(({ webContents, title, visible, focused, options }) => ({
      url: webContents.getURL(),
      title,
      visible,
      focused,
      webPreferences: options.webPreferences,
    })),
    notifications: desktop.notifications.map(({ title, body }) => ({ title, body })),
    questions: desktop.questions.map(({ message, detail = '', buttons = [] }) => ({ message, detail, buttons })),
    opened: desktop.opened,
    clipboard: desktop.clipboard,
  };
}

const electron = createFakeElectron(desktop);
export default electron;
// What CommonJS asks for by name.
export const { app, ipcMain, shell, net, session, autoUpdater } = electron;
