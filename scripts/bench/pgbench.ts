import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../operations/child";
import { root } from "../operations/data-dir";

const DEBIAN = "/usr/lib/postgresql";

/** PostgreSQL's own pgbench, where there is one; the embedded server comes without. */
export function findPgbench(): string | null {
  const versions = (() => {
    try {
      return readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
    } catch {
      return [];
    }
  })();
  const candidates = ["pgbench", ...versions.map((version) => join(DEBIAN, version, "bin", "pgbench"))];
  return candidates.find((candidate) => spawnSync(candidate, ["--version"]).status === 0) ?? null;
}

/** Has pgbench make prepared calls of the recording function, each once; answers how many a second. */
export async function runPgbench(
  pgbench: string,
  options: { url: string; organizationId: string; clients: number; calls: number },
): Promise<number> {
  const script = join(root, ".leeway", "bench", `calls-${process.pid}.sql`);
  writeFileSync(
    script,
    `select record_decision('${options.organizationId}', c.key, c.hash, c.decision::jsonb) from bench_calls c where c.n = (select nextval('bench_n'));\n`,
  );
  const lines: string[] = [];
  try {
    const { clients, calls, url } = options;
    const code = await runCommand(
      pgbench,
      [
        ...["--no-vacuum", "--protocol=prepared", `--client=${clients}`, "--jobs=1"],
        ...[`--transactions=${calls / clients}`, `--file=${script}`, url],
      ],
      { env: { PGOPTIONS: "-c role=leeway_app" }, onLine: (line) => lines.push(line) },
    );
    const tps = /tps = ([\d.]+)/.exec(lines.join("\n"))?.[1];
    if (code !== 0 || tps === undefined) throw new Error(`pgbench failed:\n${lines.join("\n")}`);
    return Number(tps);
  } finally {
    rmSync(script, { force: true });
  }
}
