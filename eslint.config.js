// Of the type-aware rules, those alone that find what tsc does not: a promise that nobody waits for, and a case that
// nobody thought of. Reading the types takes three quarters of the run, which is why it runs beside the tests.
import eslint from "@eslint/js"
import sortImports from "eslint-plugin-simple-import-sort"
import tseslint from "typescript-eslint"

const names = ["Buffer", "clearInterval", "console", "process", "setInterval", "setTimeout", "URL"]
const nodeGlobals = Object.fromEntries(names.map((name) => [name, "readonly"]))

export default tseslint.config(
  { ignores: ["coverage/", "dist/", "node_modules/", "**/sdk/", "test/engine/", "test/fixtures/"] },
  eslint.configs.recommended,
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  {
    plugins: { "simple-import-sort": sortImports },
    rules: {
      eqeqeq: "error",
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
      // One block without empty lines: what has effects, packages, this module by name, files from far to near.
      "simple-import-sort/imports": ["error", { groups: [["^\\u0000", "^node:", "^@?\\w", "^#", "^\\.\\.", "^\\."]] }],
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ["src/**/*.ts", "dagger/**/*.ts", "registry/**/*.ts", "sigstore/**/*.ts", "core/**/*.{ts,tsx}"],
    rules: { "max-lines": ["error", { max: 200, skipBlankLines: false, skipComments: false }] },
  },
  {
    // The module's face: Dagger's introspector reads annotated types, and wants each class whole in one file.
    files: ["src/index.ts", "src/api/**/*.ts"],
    rules: { "@typescript-eslint/no-inferrable-types": "off", "max-lines": "off" },
  },
  {
    files: ["**/*.{js,mjs}"],
    languageOptions: { globals: nodeGlobals },
  },
  { files: ["**/*.config.{js,ts}"], rules: { "no-restricted-exports": "off" } },
)
