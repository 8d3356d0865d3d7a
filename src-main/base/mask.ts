const secretShapes: [RegExp, string][] = [
  // Authorization values, wherever they are quoted.
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 ***'],
  // Feishu user, tenant, app and refresh tokens, and this gateway's client keys.
  [/\b(?:u|t|a|ur|eyJ)-[\w.-]{12,}/g, '***'],
  [/\blg_[0-9a-z]+_[\w-]{20,}/g, 'lg_***'],
  // JSON Web Tokens.
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '***'],
  // Values that follow a name that means a secret, in JSON, in a query or in a form.
  [
    /((?:access_token|refresh_token|client_secret|app_secret|code_verifier|device_code|authorization|cookie|ticket|code|state)"?\s*[:=]\s*"?)(?!\d+\b)[^"&\s,}]{6,}/gi,
    '$1***',
  ],
];

/** Replaces whatever looks like a secret. The last net: nothing here should have one to hide. */
export function maskSecrets(text: string): string {
  return secretShapes.reduce((masked, [shape, instead]) => masked.replace(shape, instead), text);
}
