const MINIMUM = [22, 12] as const;

/**
 * Whether a Node version is too old: require(esm), and API that the gateway uses, came with 22.12.
 *
 * @param version as in `process.versions.node`
 */
export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1]);
}
