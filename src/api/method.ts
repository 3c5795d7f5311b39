/** How an image is assessed. */
export enum Method {
  /** By the SBOM that is attached to each platform. */
  sbom = "sbom",
  /** By the file system of each platform. */
  image = "image",
}
