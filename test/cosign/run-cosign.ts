// Runs the real cosign without anything beyond the registry that it is pointed at: keys instead of certificates, no log
// and no timestamps (an empty signing configuration), and no trust root that it would fetch (an empty one).
import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { hostCosign } from "../support/parts.js"

const run = promisify(execFile)

/** The first run on a machine builds it, which takes three minutes on two cores. */
export const timeToBuildCosign = 15 * 60_000

/** A command's end: `output` is its stdout, `said` what it told people. */
export type CosignResult = { readonly ok: boolean; readonly output: string; readonly said: string }

/** Who is expected to have signed, by whose word, and by which authorities. */
export type KeylessSigner = { readonly subject: string; readonly issuer: string; readonly trustedRoot: string }

export class Cosign {
  readonly #folder = mkdtempSync(join(tmpdir(), "cssc-cosign-"))
  #count = 0

  constructor(private readonly password = "") {
    this.#write("signing.json", '{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json"}')
    this.#write("root.json", '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}')
  }

  /** A key pair that cosign makes, its private half encrypted with the password. */
  async generateKeyPair(): Promise<{ privateKey: string; publicKey: string }> {
    const prefix = `pair${++this.#count}`
    await this.#must(["generate-key-pair", "--output-key-prefix", prefix])
    return { privateKey: this.#read(`${prefix}.key`), publicKey: this.#read(`${prefix}.pub`) }
  }

  /** cosign's encrypted form of a private key in PEM. */
  async importKeyPair(pem: string): Promise<{ privateKey: string; publicKey: string }> {
    const prefix = `pair${++this.#count}`
    await this.#must(["import-key-pair", "--key", this.#file(pem), "--output-key-prefix", prefix])
    return { privateKey: this.#read(`${prefix}.key`), publicKey: this.#read(`${prefix}.pub`) }
  }

  verifyAttestation(
    image: string,
    publicKey: string,
    type: string,
    flags: readonly string[] = [],
  ): Promise<CosignResult> {
    const key = this.#file(publicKey)
    const options = ["--insecure-ignore-tlog=true", "--type", type, ...flags]
    return this.#run(["verify-attestation", "--key", key, ...options, image])
  }

  /** Says whether an attestation by a keyless identity is there and right, by a trust root alone. */
  verifyKeyless(image: string, type: string, by: KeylessSigner, flags: readonly string[] = []): Promise<CosignResult> {
    const identity = ["--certificate-identity", by.subject, "--certificate-oidc-issuer", by.issuer]
    const root = ["--trusted-root", this.#file(by.trustedRoot)]
    return this.#run(["verify-attestation", ...root, ...identity, "--type", type, ...flags, image])
  }

  /** Signs an image as cosign 3 does, or as it did before: under a tag, or as a referrer. */
  async sign(
    image: string,
    privateKey: string,
    format: "bundle" | "simple signing" | "simple signing as a referrer",
  ): Promise<void> {
    const mode = format === "simple signing as a referrer" ? ["--registry-referrers-mode=oci-1-1"] : []
    await this.#must(["sign", ...this.#signing(privateKey, format === "bundle"), ...mode, image])
  }

  /** Says whether a signature of an image is there and right. */
  verify(image: string, publicKey: string, flags: readonly string[] = []): Promise<CosignResult> {
    return this.#run(["verify", "--key", this.#file(publicKey), "--insecure-ignore-tlog=true", ...flags, image])
  }

  async attest(
    image: string,
    privateKey: string,
    type: string,
    predicate: object,
    form: "bundle" | "tag",
  ): Promise<void> {
    const file = this.#file(JSON.stringify(predicate))
    await this.#must([
      "attest",
      ...this.#signing(privateKey, form === "bundle"),
      "--predicate",
      file,
      "--type",
      type,
      image,
    ])
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #signing(privateKey: string, bundle: boolean): string[] {
    const offline = bundle
      ? ["--signing-config", join(this.#folder, "signing.json"), "--trusted-root", join(this.#folder, "root.json")]
      : ["--use-signing-config=false", "--tlog-upload=false", "--new-bundle-format=false"]
    return ["--yes", "--key", this.#file(privateKey), ...offline]
  }

  async #must(args: readonly string[]): Promise<void> {
    const { ok, said } = await this.#run(args)
    if (!ok) throw new Error(`cosign ${args.join(" ")}: ${said}`)
  }

  async #run(args: readonly string[]): Promise<CosignResult> {
    // Where a registry of this machine is reached, and nothing else.
    const env = {
      PATH: process.env.PATH,
      HOME: this.#folder,
      COSIGN_PASSWORD: this.password,
      SIGSTORE_NO_CACHE: "true",
      // Else it refuses to write simple signatures as referrers.
      COSIGN_EXPERIMENTAL: "1",
    }
    const program = await hostCosign()
    try {
      const { stdout, stderr } = await run(program, args, { env, cwd: this.#folder, maxBuffer: 64 * 1024 * 1024 })
      return { ok: true, output: stdout, said: stderr }
    } catch (error) {
      const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string }
      if (typeof code !== "number") throw error
      return { ok: false, output: stdout, said: stderr }
    }
  }

  #file(content: string): string {
    return this.#write(`file${++this.#count}`, content)
  }

  #write(name: string, content: string): string {
    const path = join(this.#folder, name)
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), "utf8")
  }
}
