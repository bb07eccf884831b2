/** A rule and its reason in a line, behind which may be more. */
const WITH_REASON = /^(.*) \[rule ([a-z-]+): [^\]]*\](.*)$/s;

/** Lines that say the reason of each rule once, where it is first named. */
export function withReasonsOnce(lines: readonly string[]): string[] {
  const said = new Set<string>();
  return lines.map((line) => {
    const [, before, rule, behind] = WITH_REASON.exec(line) ?? [];
    if (rule === undefined || !said.has(rule)) {
      if (rule !== undefined) said.add(rule);
      return line;
    }
    return `${before} [rule ${rule}]${behind}`;
  });
}
