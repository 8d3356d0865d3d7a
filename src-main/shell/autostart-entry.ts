/** A desktop entry that starts a program at login, as freedesktop.org describes it. */
export function autostartEntry(command: readonly string[]): string {
  return `[Desktop Entry]
Type=Application
Name=LarkGate
Comment=Feishu/Lark gateway for AI clients
Exec=${command.map(quoted).join(' ')}
Terminal=false
X-GNOME-Autostart-enabled=true
`;
}

/** Whether an entry starts anything: desktops switch one off in the file itself. */
export function isAutostartOn(text: string): boolean {
  return (
    /^Exec=./m.test(text) && !/^Hidden\s*=\s*true/m.test(text) && !/^X-GNOME-Autostart-enabled\s*=\s*false/m.test(text)
  );
}

/** Quoted for the Exec key; its own escapes come on top of those of any string in the file, and % begins a field code. */
function quoted(argument: string): string {
  const inside = argument.replaceAll(/["`$\\]/g, (character) => `\\${character}`);
  return `"${inside.replaceAll('\\', '\\\\').replaceAll('%', '%%')}"`;
}
