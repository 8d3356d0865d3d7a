/** What stands between a name and its value: JSON, JSON inside JSON, a header, a query or a form, percent-encoded too. */
const between = String.raw`(?:\\*["']|%22)?\s*(?:[:=]|%3[aAdD])\s*(?:\\*["']|%22)?`;
const value = String.raw`[^"'&\s,}\\]{6,}`;

const secretShapes: [RegExp, string][] = [
  // Authorization values, wherever they are quoted.
  [/\b(Bearer|Basic)(?:\s|\+|%20)+[\w.~+/=%-]{6,}/gi, '$1 ***'],
  // Feishu user, tenant, app and refresh tokens, and this gateway's client keys.
  [/\b(?:u|t|a|ur)-[\w.-]{12,}/g, '***'],
  [/\blg_[0-9a-z]+_[\w-]{20,}/g, 'lg_***'],
  // JSON Web Tokens.
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '***'],
  // A cookie header holds several values: all of it goes, up to the quote or the end of the line.
  [/(cookie\\*["']?\s*[:=]\s*\\*["']?)[^"'\\\r\n]{3,}/gi, '$1***'],
  // Values that follow a name that means a secret. A number is the code of an upstream's answer, and helps.
  [
    new RegExp(
      `((?:token|secret|password|code_verifier|device_code|authorization|ticket|cas_session|session[-_]?id)${between})(?!\\d+\\b)${value}`,
      'gi',
    ),
    '$1***',
  ],
  // An OAuth code or state; but the code of an error is a word or two, in one case, without digits.
  [
    new RegExp(`((?:code|state)${between})(?!\\d+\\b)(?![a-z_]{1,40}["'\\\\]|[A-Z_]{1,40}["'\\\\])${value}`, 'g'),
    '$1***',
  ],
];

/** Replaces whatever looks like a secret. The last net: nothing here should have one to hide. */
export function maskSecrets(text: string): string {
  return secretShapes.reduce((masked, [shape, instead]) => masked.replace(shape, instead), text);
}
