// cosign's encrypted private keys: JSON in PEM with the PKCS#8 key in a NaCl secret box, and scrypt for the password.
// https://github.com/secure-systems-lab/go-securesystemslib/blob/v0.11.0/encrypted/encrypted.go
import { scryptSync } from "node:crypto"
import { secretbox } from "@noble/ciphers/salsa.js"
import { z } from "zod"
import { CsscError } from "../errors.js"

/** PEM labels: the one that cosign writes, and the one that it wrote before version 2. */
export const cosignKeyLabels: readonly string[] = ["ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY"]

const bytes = (length?: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9+/]*={0,2}$/)
    .transform((text) => Buffer.from(text, "base64"))
    .refine((value) => length === undefined || value.length === length)

// The only strengths that cosign writes and reads: any other could make the machine compute for days.
const strengths: ReadonlySet<number> = new Set([2 ** 15, 2 ** 16, 2 ** 17])
const scryptMemory = 192 * 1024 * 1024

const keySchema = z.object({
  kdf: z.object({
    name: z.literal("scrypt"),
    params: z.object({ N: z.number().refine((n) => strengths.has(n)), r: z.literal(8), p: z.literal(1) }),
    salt: bytes().refine(({ length }) => length >= 8 && length <= 64),
  }),
  cipher: z.object({ name: z.literal("nacl/secretbox"), nonce: bytes(24) }),
  ciphertext: bytes().refine(({ length }) => length > 16),
})

/** Decrypts the content of the PEM block to PKCS#8 in DER; throws `KEY_INVALID`, and never quotes the key. */
export function decryptCosignKey(content: Buffer, password: string, what: string): Buffer {
  const { kdf, cipher, ciphertext } = readKey(content, what)
  const { N, r, p } = kdf.params
  const key = scryptSync(password, kdf.salt, 32, { N, r, p, maxmem: scryptMemory })
  try {
    return Buffer.from(secretbox(key, cipher.nonce).open(ciphertext))
  } catch {
    throw new CsscError("KEY_INVALID", `${what} cannot be decrypted: the password is wrong, or the key is damaged`)
  }
}

function readKey(content: Buffer, what: string): z.infer<typeof keySchema> {
  const result = keySchema.safeParse(parse(content))
  if (result.success) return result.data
  const fields = result.error.issues.map(({ path }) => path.join(".") || "all of it")
  const expected = "expected what cosign writes: scrypt with N 32768, 65536 or 131072, r 8, p 1, and nacl/secretbox"
  throw new CsscError("KEY_INVALID", `${what} is damaged or not from cosign (${fields.join(", ")}): ${expected}`)
}

/** Node's message would quote the text. */
function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString("utf8"))
  } catch {
    return undefined
  }
}
