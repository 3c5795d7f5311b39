// Private certificate authorities for TLS. Sigstore's clients take none, so Node's own list gets them: for this process,
// which serves one call.
import tls from "node:tls"

type NewerTls = {
  readonly getCACertificates?: (type: "default") => string[]
  readonly setDefaultCACertificates?: (certificates: readonly string[]) => void
}

/** Trusts certificates in PEM from here on; false where Node is older than 22.19 or 24.5, which cannot. */
export function trustAuthorities(certificates: readonly string[]): boolean {
  if (certificates.length === 0) return true
  const { getCACertificates, setDefaultCACertificates } = tls as NewerTls
  if (getCACertificates === undefined || setDefaultCACertificates === undefined) return false
  setDefaultCACertificates([...getCACertificates("default"), ...certificates])
  return true
}
