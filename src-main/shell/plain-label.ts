/** Names come from elsewhere: one line, of a bearable length, in which nothing steers the menu. */
export function plainLabel(text: string, longest = 60): string {
  const line = text
    .replaceAll(/[^\P{C}\n\t]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const characters = Array.from(line);
  const short = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line;
  // A single ampersand would underline the letter after it on Windows and Linux.
  return short.replaceAll('&', '&&');
}
