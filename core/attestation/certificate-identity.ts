// Who a certificate of Sigstore's was issued to, and by whose word. As the certificate says it: nothing is verified here.
// https://github.com/sigstore/fulcio/blob/v1.8.5/docs/oid-info.md
import { X509Certificate } from "@sigstore/core"

const issuerExtension = "1.3.6.1.4.1.57264.1.8"
const oldIssuerExtension = "1.3.6.1.4.1.57264.1.1"

export type CertificateClaims = { readonly issuer: string; readonly subject: string; readonly until: Date }

/** Reads a certificate in PEM; undefined when it cannot be read. */
export function certificateClaims(pem: string): CertificateClaims | undefined {
  try {
    const certificate = X509Certificate.parse(pem)
    const issuer =
      certificate.extension(issuerExtension)?.valueObj.subs[0]?.value ??
      certificate.extension(oldIssuerExtension)?.value
    return {
      issuer: issuer?.toString("utf8") ?? "",
      subject: certificate.subjectAltName ?? "",
      until: certificate.notAfter,
    }
  } catch {
    return undefined
  }
}
