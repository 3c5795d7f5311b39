// The smallest archive that a layer can be, for file systems that a scanner shall look into. As text, since files are.
// https://www.gnu.org/software/tar/manual/html_node/Standard.html

/** A tar archive of ASCII files, by path. */
export function tarOf(files: Readonly<Record<string, string>>): string {
  const entries = Object.entries(files).map(([path, text]) => headerOf(path, text.length) + padded(text))
  return entries.join("") + "\0".repeat(1024)
}

function headerOf(path: string, size: number): string {
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, "0")}\0`
  const before = path.padEnd(100, "\0") + octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12)
  const after = `0${"\0".repeat(100)}ustar\x0000`.padEnd(356, "\0")
  const sum = [...`${before}        ${after}`].reduce((total, character) => total + character.charCodeAt(0), 0)
  return `${before}${sum.toString(8).padStart(6, "0")}\0 ${after}`
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 512) * 512, "\0")
}
