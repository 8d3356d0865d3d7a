/** Cuts a text to at most `maxBytes` of UTF-8, between two characters, and says at its end that and where it was cut. */
export function cutText(text: string, maxBytes: number): string {
  // A UTF-16 unit is at most three bytes: short texts need no counting.
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  const marker = `\n…[cut by LarkGate: ${bytes.length} bytes in all, ${maxBytes} allowed; ask for less, or page]`;
  let end = Math.max(0, maxBytes - Buffer.byteLength(marker));
  // 10xxxxxx is the inside of a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end) + marker;
}
