/**
 * The portable secure supply chain of container images: acquire images from public registries into a quarantine, scan
 * every platform by its file system or SBOM, decide by policy, and promote with proof.
 *
 * Every image is addressed by digest once it was named; a tag is resolved at the edge and moves last. What could not be
 * read, matched or recognised blocks, by name.
 */
import { type Container, type Directory, type File, func, object, type Secret, type Service } from "@dagger.io/dagger"
import {
  addCertificate,
  addDeleteToken,
  addDockerConfig,
  addRegistryAuth,
  addRegistryLimits,
  addRegistryService,
  addTrustedIdentity,
  addTrustedKey,
  addVex,
  carry,
  fill,
  fleetSchemaFile,
  newState,
  policySchemaFile,
  runApply,
  runApprove,
  runAttach,
  runCheck,
  runComment,
  runConfigImport,
  runDelete,
  runDemo,
  runEndOfLife,
  runEvaluate,
  runEvents,
  runGate,
  runHistory,
  runImage,
  runInventory,
  runMerge,
  runMirror,
  runMonitor,
  runNotify,
  runOverrideVerdict,
  runPlan,
  runPolicyCheck,
  runPolicyTest,
  runProbe,
  runPromote,
  runQuarantine,
  runReportResults,
  runRequestApproval,
  runRetention,
  runRetire,
  runScan,
  runTags,
  runVerify,
  setDatabase,
  setFeed,
  setForge,
  setKeyless,
  setPolicy,
  setRetryDelays,
  setRun,
  setSigningKey,
  setToolbox,
  setTrustRoot,
  type State,
} from "#cssc"
import { Approval } from "./api/approval.js"
import { Attachment } from "./api/attachment.js"
import { ConfigImport } from "./api/config-import.js"
import { Deletion } from "./api/deletion.js"
import { Fleet } from "./api/fleet.js"
import { type ForgeKind } from "./api/forge-kind.js"
import { Gate } from "./api/gate.js"
import { History } from "./api/history.js"
import { Image } from "./api/image.js"
import { Inventory } from "./api/inventory.js"
import { Method } from "./api/method.js"
import { Mirror } from "./api/mirror.js"
import { Monitoring } from "./api/monitoring.js"
import { Plan } from "./api/plan.js"
import { Probe } from "./api/probe.js"
import { Promotion } from "./api/promotion.js"
import { ReportFormat } from "./api/report-format.js"
import { Retention } from "./api/retention.js"
import { Retirement } from "./api/retirement.js"
import { Run } from "./api/run.js"
import { Scan } from "./api/scan.js"
import { Verdict } from "./api/verdict.js"
import { Verification } from "./api/verification.js"

/** The supply chain of container images: configure with `with…`, then acquire, scan, decide, promote. */
@object()
export class Cssc {
  config = ""
  secrets: Secret[] = []
  services: Service[] = []
  files: File[] = []
  containers: Container[] = []
  directories: Directory[] = []

  constructor(
    /** A docker config.json with credentials for all registries, such as file://$HOME/.docker/config.json. */
    dockerConfig?: Secret,
    /** host[:port][/path] of one registry to log in to, such as ghcr.io/my-org; with username and password, or a service. */
    registry: string = "",
    /** User name at that registry; a robot or token name. */
    username: string = "",
    /** Password or token at that registry, such as env://GHCR_TOKEN. */
    password?: Secret,
    /** A service that answers as that registry over plain HTTP, such as tcp://localhost:5000; see with-registry-service. */
    registryService?: Service,
    /** The policy (YAML, see docs/policy.md); by default HIGH and above block, and all that was not assessed. */
    policy?: File,
    /** Findings of this severity or above block: LOW, MEDIUM, HIGH or CRITICAL. Overrides the policy's. */
    severity: string = "",
    /** Accepted vulnerabilities, separated by pipes: CVE-2024-1|CVE-2024-2. Added to the policy's exceptions. */
    exceptions: string = "",
    /** The private key that signs everything that is attached, such as env://COSIGN_KEY; see with-signing-key. */
    signingKey?: Secret,
    /** The signing key's password, if it is encrypted. */
    signingKeyPassword?: Secret,
    /** Instead of a key: the CI job's identity token for Sigstore, such as env://SIGSTORE_ID_TOKEN; see with-keyless-signing. */
    identityToken?: Secret,
    /** The public key that the gate's verdicts are signed with, in PEM; with-trusted-key also takes publishers' keys. */
    trustedKey?: File,
    /** Repository of another Trivy vulnerability database, such as registry.example/trivy-db:2. */
    trivyDatabase: string = "",
    /** A directory with the files of a Trivy vulnerability database, instead of a repository. */
    databaseDirectory?: Directory,
    /** A container with sh, crane, oras and trivy; by default the pinned images of the three. */
    toolbox?: Container,
    /** Summaries without colour. */
    plain: boolean = false,
  ) {
    const login = { dockerConfig, registry, username, password, registryService }
    const keys = { signingKey, signingKeyPassword, identityToken, trustedKey }
    const database = { trivyDatabase, databaseDirectory }
    Object.assign(this, newState({ ...login, policy, severity, exceptions, ...keys, ...database, toolbox, plain }))
  }

  /**
   * Credentials for one registry, or for one organisation on it.
   *
   * The longest address that an image lies under wins, so two organisations on one host can differ.
   */
  @func()
  withRegistryAuth(
    /** host[:port] or host[:port]/path, such as ghcr.io/my-org. */
    address: string,
    /** User name; a robot or token name. */
    username: string,
    /** Password or token, such as env://GHCR_TOKEN. */
    secret: Secret,
  ): Cssc {
    return this.and(addRegistryAuth(this, address, username, secret))
  }

  /**
   * Credentials of a docker config.json.
   *
   * One that only names a credential store is refused, since that does not exist in a container.
   */
  @func()
  withDockerConfig(
    /** The file, such as file://$HOME/.docker/config.json. */
    secret: Secret,
  ): Cssc {
    return this.and(addDockerConfig(this, secret))
  }

  /** Binds a Dagger service as a registry under a host name, over plain HTTP for it alone. */
  @func()
  withRegistryService(
    /** host:port under which images name it; the port is the service's. */
    address: string,
    /** The registry, such as tcp://localhost:5000. */
    service: Service,
    /** The service speaks TLS; its CA comes with with-certificate. */
    tls: boolean = false,
  ): Cssc {
    return this.and(addRegistryService(this, address, service, tls))
  }

  /** A private certificate authority (PEM) for one registry, or for all. */
  @func()
  withCertificate(
    /** The CA's certificate in PEM. */
    file: File,
    /** host[:port] that it is for; empty for all registries. */
    address: string = "",
  ): Cssc {
    return this.and(addCertificate(this, file, address))
  }

  /** Where people approve: a project of GitHub or GitLab, for requestApproval and approve. */
  @func()
  withForge(
    /** github or gitlab. */
    kind: ForgeKind,
    /** owner/repository, or group/project. */
    project: string,
    /** A token that may read and write issues there and read members, such as env://GITHUB_TOKEN. */
    token: Secret,
    /** The API of another server, such as https://github.example/api/v3 or https://gitlab.example/api/v4. */
    apiUrl: string = "",
    /** A server that answers under that address in this session only, such as tcp://localhost:8080. */
    service?: Service,
  ): Cssc {
    return this.and(setForge(this, { kind, project, token, apiUrl, service }))
  }

  /** The policy that decides what may pass. */
  @func()
  withPolicy(
    /** YAML, see docs/policy.md. */
    file: File,
  ): Cssc {
    return this.and(setPolicy(this, file))
  }

  /**
   * Signs everything that is attached from here on, as Sigstore bundles that cosign verifies.
   *
   * The key stays in the module's process: no container, layer or log sees it.
   */
  @func()
  withSigningKey(
    /** A private key: PKCS#8 in PEM, or cosign's encrypted form; such as env://COSIGN_KEY. */
    key: Secret,
    /** Its password, if it is encrypted. */
    password?: Secret,
  ): Cssc {
    return this.and(setSigningKey(this, key, password))
  }

  /**
   * Signs everything that is attached from here on without a key, as the CI job that the token is of.
   *
   * By Sigstore's public instance, or by one of your own: then only the URLs that are given are used. Needs with-trust-root and
   * with-trusted-identity. The token is sent to the certificate authority alone; no container, layer or log sees it.
   */
  @func()
  withKeylessSigning(
    /** The job's OpenID Connect token with the audience sigstore, such as env://SIGSTORE_ID_TOKEN. */
    identityToken: Secret,
    /** The certificate authority, such as https://fulcio.example. */
    fulcioUrl: string = "",
    /** The transparency log; without one the timestamp authority alone says when. */
    rekorUrl: string = "",
    /** The timestamp authority; a log of version 2 needs one. */
    timestampUrl: string = "",
    /** The log's API: 1 or 2. */
    rekorVersion: number = 1,
  ): Cssc {
    return this.and(setKeyless(this, identityToken, { fulcioUrl, rekorUrl, timestampUrl, rekorVersion }))
  }

  /** Trusts a keyless identity: of the gate itself, or of a publisher whose signatures shall count. */
  @func()
  withTrustedIdentity(
    /** Who vouches for it, exactly, such as https://token.actions.githubusercontent.com. */
    issuer: string,
    /** The certificate's subject, exactly, such as https://github.com/acme/ci/.github/workflows/promote.yml@refs/heads/main. */
    subject: string,
    /** Whose it is, as policies name it; empty for the gate's own, which verdicts are signed by. */
    publisher: string = "",
  ): Cssc {
    return this.and(addTrustedIdentity(this, issuer, subject, publisher))
  }

  /** Trusts a public key: of the gate itself, or of a publisher whose signatures shall count. */
  @func()
  withTrustedKey(
    /** The public key in PEM. */
    publicKey: File,
    /** Whose key it is, as policies name it; empty for the gate's own, which verdicts are signed with. */
    publisher: string = "",
  ): Cssc {
    return this.and(addTrustedKey(this, publicKey, publisher))
  }

  /** Sigstore's trusted root, for keyless signatures: nothing is fetched. */
  @func()
  withTrustRoot(
    /** trusted_root.json, as `cosign trusted-root` or Sigstore's TUF repository give it. */
    file: File,
  ): Cssc {
    return this.and(setTrustRoot(this, file))
  }

  /** A VEX document (OpenVEX, CycloneDX or CSAF) that counts beside those that are attached. */
  @func()
  withVex(
    /** The document, bare or in an attestation. */
    file: File,
  ): Cssc {
    return this.and(addVex(this, file))
  }

  /** CISA's known exploited vulnerabilities from elsewhere: used when the policy has known-exploited. */
  @func()
  withKnownExploited(
    /** The catalogue in JSON, for air gaps. */
    file?: File,
    /** Where to fetch it. */
    url: string = "",
  ): Cssc {
    return this.and(setFeed(this, "knownExploited", url, file))
  }

  /** EPSS scores from elsewhere: used when the policy has epss. */
  @func()
  withEpss(
    /** The scores as CSV, for air gaps. */
    file?: File,
    /** Where to fetch them; .gz is unpacked. */
    url: string = "",
  ): Cssc {
    return this.and(setFeed(this, "epss", url, file))
  }

  /** Another container with the tools: for air gaps and company mirrors. */
  @func()
  withToolbox(
    /** With sh, sed, xargs, timeout, base64, crane, oras and trivy. */
    container: Container,
  ): Cssc {
    return this.and(setToolbox(this, container))
  }

  /** Another Trivy vulnerability database: a reference, or a directory with its files. */
  @func()
  withTrivyDatabase(
    /** Repository with tag or digest. */
    reference: string = "",
    /** The database itself. */
    directory?: Directory,
  ): Cssc {
    return this.and(setDatabase(this, "database", reference, directory))
  }

  /** Another Trivy Java database, which images with jar files need. */
  @func()
  withTrivyJavaDatabase(
    /** Repository with tag or digest. */
    reference: string = "",
    /** The database itself. */
    directory?: Directory,
  ): Cssc {
    return this.and(setDatabase(this, "javaDatabase", reference, directory))
  }

  /** A token for a deletion API: ghcr.io (delete:packages), or docker.io as user:token. */
  @func()
  withDeleteToken(
    /** host or host/path that it is for. */
    address: string,
    /** The token. */
    secret: Secret,
    /** The API's address, for GitHub Enterprise. */
    apiUrl: string = "",
  ): Cssc {
    return this.and(addDeleteToken(this, address, secret, apiUrl))
  }

  /** The CI run that acts: told in provenance, history and evidence. */
  @func()
  withRun(
    /** Where the run can be seen. */
    url: string,
    /** Its id. */
    id: string = "",
    /** Who started it. */
    actor: string = "",
    /** The workflow's or pipeline's name. */
    workflow: string = "",
    /** Which attempt it is. */
    attempt: string = "",
  ): Cssc {
    return this.and(setRun(this, { url, id, actor, workflow, attempt }))
  }

  /**
   * How much one registry is asked at most, by each call.
   *
   * Our own requests keep to both. With a concurrency oras copies one part at a time, and holds one of the places; how
   * fast it asks, and what a scanner pulls, is not bounded. A Retry-After and a pull quota are always honoured.
   */
  @func()
  withRegistryLimits(
    /** host[:port] of the registry, such as docker.io. */
    address: string,
    /** Requests that begin in a second; 0 for no limit. */
    requestsPerSecond: number = 0,
    /** Requests under way at once, 1 to 32; 0 for 32. */
    concurrency: number = 0,
  ): Cssc {
    return this.and(addRegistryLimits(this, address, requestsPerSecond, concurrency))
  }

  /** Seconds to wait before each further attempt at a busy registry; by default 5, 10 and 20. */
  @func()
  withRetryDelays(
    /** Whole seconds, one for each further attempt. */
    seconds: number[],
  ): Cssc {
    return this.and(setRetryDelays(this, seconds))
  }

  /** Looks at an image: its digest, its platforms, and what is attached to each. */
  @func({ cache: "session" })
  async image(
    /** registry/repository with a tag or a digest. */
    reference: string,
    /** Any new value reads again within one session. */
    fresh: string = "",
  ): Promise<Image> {
    return fill(new Image(), await this.again(fresh, (state) => runImage(state, reference)))
  }

  /** Lists the image tags of a repository, without those of attachments and the mirror history. */
  @func({ cache: "never" })
  async tags(
    /** registry/repository. */
    repository: string,
    /** Only tags that match one of these globs, such as 3.14-*. */
    glob: string[] = [],
    /** Without tags that match one of these globs. */
    exclude: string[] = [],
    /** Only tags that match this regular expression as a whole. */
    regex: string = "",
    /** Only versions in this range, such as ">=3.12 <4". */
    semver: string = "",
    /** Only the newest N versions, highest first; 0 for all. */
    newest: number = 0,
    /** With newest: also release candidates and other pre-releases. */
    prereleases: boolean = false,
    /** Fail when no tag is left. */
    requireTags: boolean = false,
  ): Promise<string[]> {
    return runTags(this, { repository, glob, exclude, regex, semver, newest, prereleases, requireTags })
  }

  /**
   * Mirrors an image with everything attached to it into a repository.
   *
   * All platforms keep their digests. What is there already is left alone; what is there in part is completed; the tag
   * comes last. With glob, exclude, regex, semver or newest: all such tags of a repository, side by side.
   */
  @func({ cache: "session" })
  async mirror(
    /** What to acquire: registry/repository with a tag or a digest; without, when tags are chosen. */
    source: string,
    /** Where to: registry/repository[:tag]; the tag defaults to the source's. */
    target: string,
    /** All tags that match one of these globs. */
    glob: string[] = [],
    /** All tags but those that match one of these globs. */
    exclude: string[] = [],
    /** All tags that match this regular expression as a whole (RE2). */
    regex: string = "",
    /** All versions in this range, such as ">=3.12 <4". */
    semver: string = "",
    /** The newest N versions; 0 for all. */
    newest: number = 0,
    /** With newest: also release candidates and other pre-releases. */
    prereleases: boolean = false,
    /** Accept that no tag, or no repository, is there. */
    allowMissing: boolean = false,
    /** Copy even when digest or history say that it is there, and look at every blob of the target. */
    force: boolean = false,
    /** Bring attachments along (SBOMs, signatures, provenance, VEX), and check them even when the image is unchanged. */
    referrers: boolean = true,
    /** Remember what was acquired, and acquire nothing twice that was promoted and deleted. */
    history: boolean = true,
    /** Attach acquisition provenance to what was copied. */
    provenance: boolean = true,
    /** Only these platforms, such as linux/amd64: a new image with a new digest. */
    platforms: string[] = [],
    /** Accept the new digest that a subset of platforms has. */
    newDigest: boolean = false,
    /** Tell what would be copied and write nothing. */
    dryRun: boolean = false,
    /** Any new value looks again within one session. */
    fresh: string = "",
  ): Promise<Mirror> {
    const tags = { glob, exclude, regex, semver, newest, prereleases, allowMissing }
    const what = { source, target, force, referrers, history, provenance, platforms, newDigest, dryRun, ...tags }
    return fill(new Mirror(), await this.again(fresh, (state) => runMirror(state, what)))
  }

  /**
   * Tells what a fleet file would do and why: what would be copied, judged, promoted, deleted.
   *
   * All problems of the file are told at once, with their lines; so are all registries without a login. Nothing is written.
   */
  @func({ cache: "session" })
  async plan(
    /** cssc.yaml, see docs/fleets.md. */
    config: File,
    /** Only this part of it: i/n, such as 2/4. Repositories are parted by a hash of their names. */
    shard: string = "",
    /** Any new value reads again within one session. */
    fresh: string = "",
  ): Promise<Plan> {
    return fill(new Plan(), await this.again(fresh, (state) => runPlan(state, { file: config, shard })))
  }

  /**
   * Does what a fleet file says: acquires, gates and promotes. Done again, it writes nothing.
   *
   * All side by side. What fails is one image's end; a registry that is not there costs its own images alone. `failures` of the result lists
   * them, and enforce or check fails by them.
   */
  @func({ cache: "session" })
  async apply(
    /** cssc.yaml, see docs/fleets.md. */
    config: File,
    /** Only this part of it: i/n, such as 2/4. Repositories are parted by a hash of their names. */
    shard: string = "",
    /** Any new value applies again within one session. */
    fresh: string = "",
  ): Promise<Fleet> {
    return fill(new Fleet(), await this.again(fresh, (state) => runApply(state, { file: config, shard })))
  }

  /**
   * Puts the results of all shards together: the same as one machine would have found.
   *
   * A shard that is missing, twice there, or of another configuration or policy is refused.
   */
  @func()
  async merge(
    /** What `results export` wrote for each shard of a plan or an apply, one folder each. */
    results: Directory,
  ): Promise<Fleet> {
    return fill(new Fleet(), await runMerge(carry(this), results))
  }

  /**
   * Makes a fleet file of another tool's file, and tells what has no counterpart.
   *
   * And what to do instead. Logins are left out: they never stand in a fleet file.
   */
  @func()
  async configImport(
    /** Whose file it is: regsync, or skopeo-sync. */
    tool: string,
    /** regsync.yml, or what `skopeo sync --src yaml` takes. */
    file: File,
    /** Of skopeo-sync: where to, registry[/path], as its own argument. */
    target: string = "",
    /** Of skopeo-sync: keep the source's whole name below the target, as its own --scoped. */
    scoped: boolean = false,
  ): Promise<ConfigImport> {
    const args = { tool, file, target, scoped }
    return fill(new ConfigImport(), await runConfigImport(carry(this), args))
  }

  /** The JSON Schema of fleet files, for editors. */
  @func()
  fleetSchema(): string {
    return fleetSchemaFile()
  }

  /** Scans the file system of every platform of an image, each by its own digest. */
  @func({ cache: "session" })
  async scanImage(
    /** registry/repository with a tag or a digest. */
    image: string,
    /** Any new value scans again within one session. */
    fresh: string = "",
  ): Promise<Scan> {
    return this.scan({ image, method: Method.image, predicateType: "" }, fresh)
  }

  /**
   * Scans the SBOM that is attached to each platform of an image.
   *
   * An SBOM that is missing, about something else, unreadable or empty is told, never skipped; so is every package that
   * nothing could assess.
   */
  @func({ cache: "session" })
  async scanSbom(
    /** registry/repository with a tag or a digest. */
    image: string,
    /** The SBOM's predicate type, or cyclonedx or spdx; without a version any fits. Unnamed: CycloneDX, else SPDX. */
    predicateType: string = "",
    /** Any new value scans again within one session. */
    fresh: string = "",
  ): Promise<Scan> {
    return this.scan({ image, method: Method.sbom, predicateType }, fresh)
  }

  /** Judges reports by the policy, also such as were made elsewhere. */
  @func({ cache: "session" })
  async evaluate(
    /** The results of a scan, or Trivy's JSON reports, one per platform. */
    reports: Directory,
    /** The image that the reports are about, with its digest; told in the verdict, and needed for exceptions by image. */
    image: string = "",
    /** Judge as of this time (YYYY-MM-DD or RFC 3339) instead of now. */
    asOf: string = "",
    /** Any new value judges again within one session. */
    fresh: string = "",
  ): Promise<Verdict> {
    return fill(new Verdict(), await this.again(fresh, (state) => runEvaluate(state, { reports, image, asOf })))
  }

  /** Scans an image and judges it in one go. Chain promote to it: that is the trusted path. */
  @func({ cache: "session" })
  async gate(
    /** registry/repository with a tag or a digest. */
    image: string,
    /** sbom: by the SBOMs attached to each platform; image: by the file systems. */
    method: Method = Method.sbom,
    /** The SBOM's predicate type, or cyclonedx or spdx; without a version any fits. Unnamed: CycloneDX, else SPDX. */
    predicateType: string = "",
    /** The promoted image that it shall be no worse than, when the policy has regression. */
    baseline: string = "",
    /** Any new value judges again within one session. */
    fresh: string = "",
  ): Promise<Gate> {
    const args = { image, method, predicateType, baseline }
    return fill(new Gate(), await this.again(fresh, (state) => runGate(state, args)))
  }

  /**
   * Lets named vulnerabilities of one blocked image pass, by somebody who answers for it.
   *
   * The image is judged again with the override in the verdict; nothing but the named vulnerabilities changes. Chain
   * promote to it.
   */
  @func({ cache: "session" })
  async override(
    /** verdict.json from the results of a blocked gate. */
    verdict: File,
    /** The repository that the verdict must be about. */
    source: string,
    /** Who approves. */
    approver: string,
    /** Why. */
    reason: string,
    /** Where it was decided: an issue or a change. */
    reference: string,
    /** The vulnerabilities that may pass, and no others. */
    cves: string[],
    /** Its last day (YYYY-MM-DD) or moment (RFC 3339), at most 90 days from now. */
    expires: string,
    /** sbom: by the SBOMs attached to each platform; image: by the file systems. The verdict does not choose it. */
    method: Method = Method.sbom,
    /** The SBOM's predicate type, or cyclonedx or spdx; without a version any fits. Unnamed: CycloneDX, else SPDX. */
    predicateType: string = "",
    /** Any new value judges again within one session. */
    fresh: string = "",
  ): Promise<Gate> {
    const judging = { method, predicateType }
    const args = { verdict, source, approver, reason, reference, cves, expires, ...judging }
    return fill(new Gate(), await this.again(fresh, (state) => runOverrideVerdict(state, args)))
  }

  /**
   * Gates an image and promotes it when it passes; or promotes by the verdict of an earlier job.
   *
   * Give exactly one of image and verdict. An image is judged as `gate` does, and promoted as `gate … promote` does. A
   * verdict file is only a claim: the same digest is scanned and judged again now under this policy, and promoted when the
   * verdict is fresh and holds. A signed one with its results is judged again without another scan.
   */
  @func({ cache: "session" })
  async promote(
    /** Where to: registry/repository[:tag]; the tag defaults to the image's own, and a verdict knows none. */
    target: string,
    /** What to gate and promote: registry/repository with a tag or a digest. */
    image: string = "",
    /** Instead of image: verdict.json of an earlier gate, or verdict.sigstore.json signed by a trusted key of the gate. */
    verdict?: File,
    /** With verdict: the repository that it must be about, registry/repository of the quarantine. */
    source: string = "",
    /** sbom: by the SBOMs attached to each platform; image: by the file systems. A verdict does not choose it. */
    method: Method = Method.sbom,
    /** The SBOM's predicate type, or cyclonedx or spdx; without a version any fits. Unnamed: CycloneDX, else SPDX. */
    predicateType: string = "",
    /** With image: what it shall be no worse than, when the policy has regression; by default what it would replace. */
    baseline: string = "",
    /** With a signed verdict: the results that it was made from. */
    reports?: Directory,
    /** Delete the image and what is attached to it from the quarantine afterwards, if nothing else needs it. */
    deleteSource: boolean = false,
    /** Tell what would happen and write nothing. */
    dryRun: boolean = false,
    /** Any new value promotes again within one session. */
    fresh: string = "",
  ): Promise<Promotion> {
    const judged = { image, method, predicateType, baseline }
    const claimed = { verdict, source, reports }
    const args = { ...judged, ...claimed, target, deleteSource, dryRun }
    return fill(new Promotion(), await this.again(fresh, (state) => runPromote(state, args)))
  }

  /**
   * Gates every tag of a quarantine and promotes what passes: the daily job.
   *
   * Tags run side by side, and one bad tag stops no other.
   */
  @func({ cache: "session" })
  async promoteQuarantine(
    /** The quarantine: registry/repository. */
    source: string,
    /** The trusted repository: registry/repository; tags keep their names. */
    target: string,
    /** sbom: by the SBOMs attached to each platform; image: by the file systems. */
    method: Method = Method.sbom,
    /** The SBOM's predicate type, or cyclonedx or spdx; without a version any fits. Unnamed: CycloneDX, else SPDX. */
    predicateType: string = "",
    /** Only tags that match one of these globs. */
    glob: string[] = [],
    /** Without tags that match one of these globs. */
    exclude: string[] = [],
    /** Only tags that match this regular expression as a whole. */
    regex: string = "",
    /** Only versions in this range. */
    semver: string = "",
    /** Only the newest N versions; 0 for all. */
    newest: number = 0,
    /** With newest: also release candidates and other pre-releases. */
    prereleases: boolean = false,
    /** Delete what was promoted from the quarantine, if nothing else needs it. */
    deleteSource: boolean = false,
    /** Fail when there is no tag to work on. */
    requireTags: boolean = false,
    /** Take a repository that the registry does not know for an empty one, instead of failing. */
    allowMissing: boolean = false,
    /** Tell what would happen and write nothing. */
    dryRun: boolean = false,
    /** Any new value runs again within one session. */
    fresh: string = "",
  ): Promise<Run> {
    const tags = { glob, exclude, regex, semver, newest, prereleases, requireTags, allowMissing }
    const args = { source, target, method, predicateType, ...tags, deleteSource, dryRun }
    return fill(new Run(), await this.again(fresh, (state) => runQuarantine(state, args)))
  }

  /**
   * Proves that an image may be deployed, and fails when it may not: one step of a deploy job.
   *
   * Trusts what with-trusted-key names: the newest verification summary that it signed for this digest and repository must
   * say that the gate passed, not long ago, and its signed verdict must be there.
   */
  @func({ cache: "session" })
  async verify(
    /** registry/repository with a tag or a digest; also one platform's digest. */
    image: string,
    /** The repository that the proof must name; by default the image's own. */
    resource: string = "",
    /** How old the proof may be, such as 7d; by default the policy's verdict.max-age. */
    maxAge: string = "",
    /** It must have been judged by exactly this policy. */
    samePolicy: boolean = false,
    /** Any new value verifies again within one session. */
    fresh: string = "",
  ): Promise<Verification> {
    const args = { image, resource, maxAge, samePolicy }
    return fill(new Verification(), await this.again(fresh, (state) => runVerify(state, args)))
  }

  /**
   * Lists what a trusted repository holds: which tags may be deployed, until when, and why not.
   *
   * Trusts what with-trusted-key names, as verify does. Nothing is scanned or written; one tag that cannot be read is told as such.
   */
  @func({ cache: "session" })
  async inventory(
    /** registry/repository. */
    repository: string,
    /** How old a proof may be, such as 7d; by default the policy's verdict.max-age. */
    maxAge: string = "",
    /** Only tags that match one of these globs. */
    glob: string[] = [],
    /** Without tags that match one of these globs. */
    exclude: string[] = [],
    /** Any new value reads again within one session. */
    fresh: string = "",
  ): Promise<Inventory> {
    const all = { regex: "", semver: "", newest: 0, prereleases: false }
    const args = { repository, maxAge, glob, exclude, ...all }
    return fill(new Inventory(), await this.again(fresh, (state) => runInventory(state, args)))
  }

  /**
   * Judges golden images again by their stored SBOMs and today's database.
   *
   * No layer is fetched. Tells what changed since the last verdict that with-trusted-key's key signed: findings that came, when and fixed in which version,
   * and that went. `results` make events of changed verdicts alone; enforce fails when any image would be blocked now.
   */
  @func({ cache: "session" })
  async monitor(
    /** registry/repository of golden images. */
    repository: string,
    /** Renew proofs that get old, and take back those of what would be blocked, as attest does; needs a signing key. */
    renew: boolean = false,
    /** What `results export` wrote for the last such call: its changes are not told again, and first sights are kept. */
    earlier?: Directory,
    /** The SBOM's predicate type, or cyclonedx or spdx, of what no verdict of ours says it. Unnamed: CycloneDX, else SPDX. */
    predicateType: string = "",
    /** Only tags that match one of these globs. */
    glob: string[] = [],
    /** Without tags that match one of these globs. */
    exclude: string[] = [],
    /** Only tags that match this regular expression as a whole. */
    regex: string = "",
    /** Only versions in this range. */
    semver: string = "",
    /** Only the newest N versions; 0 for all. */
    newest: number = 0,
    /** With newest: also release candidates and other pre-releases. */
    prereleases: boolean = false,
    /** Any new value looks again within one session. */
    fresh: string = "",
  ): Promise<Monitoring> {
    const args = { repository, renew, earlier, predicateType, glob, exclude, regex, semver, newest, prereleases }
    return fill(new Monitoring(), await this.again(fresh, (state) => runMonitor(state, args)))
  }

  /** Checks a policy: every problem with its path and line, and what it will do. */
  @func({ cache: "never" })
  async policyCheck(
    /** The policy. */
    policy: File,
  ): Promise<string> {
    return runPolicyCheck(policy)
  }

  /** Runs a policy against cases that say what it must decide, so that it can be reviewed as code. */
  @func({ cache: "never" })
  async policyTest(
    /** The policy. */
    policy: File,
    /** The cases (YAML, see docs/policy.md). */
    cases: File,
    /** Stored assessments that cases name by path. */
    assessments?: Directory,
  ): Promise<string> {
    return runPolicyTest(policy, cases, assessments)
  }

  /** The JSON Schema of policies, for editors. */
  @func()
  policySchema(): string {
    return policySchemaFile()
  }

  /** Attaches an in-toto statement to the image that it is about, once. */
  @func({ cache: "session" })
  async attach(
    /** registry/repository with a tag or a digest. */
    image: string,
    /** An in-toto statement whose subject is the image's digest. */
    statement: File,
    /** State the same about each platform too. */
    platforms: boolean = false,
    /** Any new value attaches again within one session. */
    fresh: string = "",
  ): Promise<Attachment> {
    const args = { image, statement, platforms }
    return fill(new Attachment(), await this.again(fresh, (state) => runAttach(state, args)))
  }

  /** Deletes an image and its attachments, but nothing that is still needed. */
  @func({ cache: "session" })
  async delete(
    /** registry/repository with a tag or a digest. */
    image: string,
    /** Delete its attachments too. */
    referrers: boolean = true,
    /** Tell what would be deleted and delete nothing. */
    dryRun: boolean = false,
    /** Any new value deletes again within one session. */
    fresh: string = "",
  ): Promise<Deletion> {
    const args = { image, referrers, dryRun }
    return fill(new Deletion(), await this.again(fresh, (state) => runDelete(state, args)))
  }

  /**
   * Plans which images may leave a quarantine, and with apply deletes them.
   *
   * Each image is told with why it goes or stays. Age is the time of acquisition: of our signed provenance or the mirror history, whichever is newer; of unknown age, an image stays.
   * So does what another tag, index, attachment or the history needs. Right before it is deleted, each is planned again.
   */
  @func({ cache: "session" })
  async retention(
    /** registry/repository of the quarantine. */
    repository: string,
    /** Only images that came longer ago, such as 30d; empty for any age, then with keepNewest. */
    olderThan: string = "",
    /** Keep the N images that came last, whatever their age. */
    keepNewest: number = 0,
    /** Delete what the plan says; otherwise nothing is written. */
    apply: boolean = false,
    /** What `results export` wrote for a plan that was looked at: nothing else is deleted. */
    plan?: Directory,
    /** Any new value plans again within one session. */
    fresh: string = "",
  ): Promise<Retention> {
    const args = { repository, olderThan, keepNewest, apply, plan }
    return fill(new Retention(), await this.again(fresh, (state) => runRetention(state, args)))
  }

  /**
   * Announces the day from which an image must not be used any more, as an artifact on it.
   *
   * From then on the gate blocks it and verify fails. What says the same already is not attached again.
   */
  @func({ cache: "session" })
  async endOfLife(
    /** registry/repository with a tag or a digest. */
    image: string,
    /** The day (YYYY-MM-DD, from its start in UTC) or moment (RFC 3339). */
    date: string,
    /** Why. */
    reason: string = "",
    /** What to use instead: registry/repository with a tag or a digest. */
    successor: string = "",
    /** Say so on each platform too. */
    platforms: boolean = false,
    /** Any new value asks again within one session. */
    fresh: string = "",
  ): Promise<Attachment> {
    const args = { image, date, reason, successor, platforms }
    return fill(new Attachment(), await this.again(fresh, (state) => runEndOfLife(state, args)))
  }

  /**
   * Takes an image out of use: archives it, proves the archive, and leaves a tombstone that says why.
   *
   * Mirror and promote do not bring it back. Export the archive; a second call with it and deleteImage proves it again, and
   * only then deletes the image and what is attached to it.
   */
  @func({ cache: "session" })
  async retire(
    /** registry/repository with a tag or a digest. */
    image: string,
    /** Why: who finds the tombstone reads it. */
    reason: string,
    /** What to use instead: registry/repository with a tag or a digest. */
    successor: string = "",
    /** Delete the image, if nothing else needs it; needs archive. */
    deleteImage: boolean = false,
    /** The archive that an earlier call made, as it was exported. */
    archive?: Directory,
    /** Tell what would happen and write nothing. */
    dryRun: boolean = false,
    /** Any new value retires again within one session. */
    fresh: string = "",
  ): Promise<Retirement> {
    const args = { image, reason, successor, deleteImage, archive, dryRun }
    return fill(new Retirement(), await this.again(fresh, (state) => runRetire(state, args)))
  }

  /**
   * Fails when anything in exported results was blocked or failed: a job's last step.
   *
   * Prints their summary.
   */
  @func()
  async check(
    /** What `results export` wrote for a gate, promotion or run. */
    results: Directory,
  ): Promise<string> {
    return runCheck(results)
  }

  /**
   * Makes a report of exported results, with the trend over earlier ones.
   *
   * It shows what the files say, and proves nothing.
   */
  @func()
  async report(
    /** What `results export` wrote for a gate, promotion, run or inventory. */
    results: Directory,
    /** Earlier results of the same, one folder each, for the trend. */
    earlier?: Directory,
    /** What `results export` wrote for an inventory of the trusted repository, to be shown beside. */
    inventory?: Directory,
    /** html, markdown, sarif, junit, gitlab, vex; or of the scanner: json, table, cyclonedx, github. */
    format: ReportFormat = ReportFormat.html,
  ): Promise<File> {
    return runReportResults({ results, earlier, inventory, format })
  }

  /**
   * Opens or updates one issue for each blocked image of results, and closes those of images that pass.
   *
   * Found again by its image, whatever its digest. A run with failures has an issue too, until the next good one. Needs
   * withForge; withRun says who asks. Prints what it did.
   */
  @func({ cache: "never" })
  async requestApproval(
    /** What `results export` wrote for a gate, promotion or run; leave it out when the run ended without results. */
    results?: Directory,
    /** The run's name, which its own issue is found by; by default its source and target. */
    run: string = "",
  ): Promise<string> {
    return runRequestApproval(carry(this), { results, run })
  }

  /**
   * Carries out an /approve or /deny comment on an issue that requestApproval opened.
   *
   * A repetition ends well. Comment, author and role are asked of the forge. The image is gated again by the digest that was asked about; what the
   * comment names is overridden, and the image promoted. What is refused is told in the issue, and fails.
   */
  @func({ cache: "session" })
  async approve(
    /** The issue's number. */
    issue: number,
    /** The comment's id, as the forge's event names it: a number, larger than GraphQL's. */
    comment: string,
    /** The quarantine that the issue must be about: registry/repository. */
    source: string,
    /** Where to: registry/repository[:tag]; the tag defaults to the image's own. */
    target: string,
    /** sbom: by the SBOMs attached to each platform; image: by the file systems. */
    method: Method = Method.sbom,
    /** The SBOM's predicate type, or cyclonedx or spdx; without a version any fits. Unnamed: CycloneDX, else SPDX. */
    predicateType: string = "",
    /** Delete the image and what is attached to it from the quarantine afterwards, if nothing else needs it. */
    deleteSource: boolean = false,
    /** Tell what would happen, and write nothing and nowhere. */
    dryRun: boolean = false,
    /** Any new value asks again within one session. */
    fresh: string = "",
  ): Promise<Approval> {
    const args = { issue, comment, source, target, method, predicateType, deleteSource, dryRun }
    return fill(new Approval(), await this.again(fresh, (state) => runApprove(state, args)))
  }

  /**
   * Tells a merge request, or pull request, where it stands: one comment, written anew each time.
   *
   * With policy what policy-check says of it, with cases what policy-test says; with results what became of each image. Needs withForge.
   * Prints what it did, and fails for nothing that it tells.
   */
  @func({ cache: "never" })
  async comment(
    /** The number of the merge request in its project. */
    number: number,
    /** A policy to check. */
    policy?: File,
    /** Cases to run it against. */
    cases?: File,
    /** What `results export` wrote for a gate, promotion or run. */
    results?: Directory,
    /** The comment's title, which it is found by again. */
    name: string = "Supply chain",
  ): Promise<string> {
    return runComment(carry(this), { number, name, policy, cases, results })
  }

  /**
   * Tells of results in Slack, in Teams and by a webhook; one that fails keeps no other from being told.
   *
   * Prints where it was delivered. Fails after all were tried, with every failure.
   */
  @func({ cache: "never" })
  async notify(
    /** What `results export` wrote for a gate, promotion, run, attestation, mirror or deletion. */
    results: Directory,
    /** Slack's incoming webhook: its URL is the secret. */
    slack?: Secret,
    /** The URL of a Teams workflow that posts a card. */
    teams?: Secret,
    /** Any other URL: JSON is posted there, signed as Standard Webhooks has it. */
    webhook?: Secret,
    /** The key of the signature: whsec_ and base64, or a text of at least 24 bytes. */
    webhookKey?: Secret,
  ): Promise<string> {
    return runNotify(carry(this), { results, slack, teams, webhook, webhookKey })
  }

  /**
   * Results as a batch of CloudEvents, in a file and to a sink.
   *
   * Images mirrored, promoted, blocked, overridden, monitored, deleted, retired, failed; tags, referrers and indexes observed. The
   * same facts always have the same ids.
   */
  @func({ cache: "session" })
  async events(
    /** What `results export` wrote for a gate, promotion, run, attestation, mirror, deletion or retirement. */
    results?: Directory,
    /** Post the batch to this URL too. */
    sink: string = "",
    /** A bearer token for the sink. */
    token?: Secret,
    /** Images whose call ended without results, such as a mirror's source or target; withRun's URL makes them this run's. */
    failed: string[] = [],
    /** Any new value posts again within one session. */
    fresh: string = "",
  ): Promise<File> {
    return this.again(fresh, (state) => runEvents(state, { results, failed, sink, token }))
  }

  /** Reads what was acquired into a repository, when and by which run. */
  @func({ cache: "session" })
  async history(
    /** registry/repository. */
    repository: string,
    /** Any new value reads again within one session. */
    fresh: string = "",
  ): Promise<History> {
    return fill(new History(), await this.again(fresh, (state) => runHistory(state, repository)))
  }

  /**
   * What a registry can do, each with the answer that showed it.
   *
   * Only reads unless `write`; then it pushes three tiny artifacts and the tag `cssc-probe`, deletes them, and says what it left.
   * Without it: listings, pages, referrers, quota; with it also attaching, mounting, moving tags, deleting.
   */
  @func({ cache: "session" })
  async probe(
    /** registry/repository; with a tag in it more can be seen. */
    repository: string,
    /** Writes to the repository, which should hold nothing else. */
    write: boolean = false,
    /** Any new value asks again within one session. */
    fresh: string = "",
  ): Promise<Probe> {
    return fill(new Probe(), await this.again(fresh, (state) => runProbe(state, { repository, write })))
  }

  /** Shows the whole story on an embedded registry, with no account. */
  @func({ cache: "never" })
  async demo(
    /** A container that serves a registry on port 5000; by default a pinned registry:3. */
    registry?: Container,
    /** An OCI layout with the tags to acquire; by default two public images. */
    layout?: Directory,
    /** Tags of the layout. */
    tags: string[] = [],
  ): Promise<string> {
    return runDemo(this, tags, registry, layout)
  }

  private async scan(args: { image: string; method: Method; predicateType: string }, fresh: string): Promise<Scan> {
    return fill(new Scan(), await this.again(fresh, (state) => runScan(state, args)))
  }

  // `fresh` only has to be an argument: it is part of the call's identity, so a new value is a new call.
  private again<T>(_fresh: string, work: (state: State) => Promise<T>): Promise<T> {
    return work(carry(this))
  }

  private and(state: State): Cssc {
    return Object.assign(new Cssc(), state)
  }
}
