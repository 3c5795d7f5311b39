// Foreign text made safe to show.

const maxMessageLength = 300
/** Shorter texts would blank out ordinary words; no API has secrets of that length. */
const minSecretLength = 4

/** Secrets first, since a cut one would not be found; then one line; then short. */
export function cleanMessage(text: string, secrets: readonly string[]): string {
  const line = redact(text, secrets)
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
  return line.length > maxMessageLength ? `${line.slice(0, maxMessageLength)}…` : line
}

/** Replaces secrets in the forms in which a server can echo them: as they are, URL-encoded and in base64. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= minSecretLength)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
    .sort((a, b) => b.length - a.length)
    .reduce((clean, form) => clean.replaceAll(form, "[redacted]"), text)
}
