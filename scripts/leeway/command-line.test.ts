import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runCommandLine } from "./command-line";

let out = "";
let err = "";

beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text, ...rest: unknown[]) => {
    out += text;
    const written = rest.at(-1);
    if (typeof written === "function") written();
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => void vi.restoreAllMocks());

describe("wrong usage", () => {
  const create = [
    "organization",
    "create",
    "--name",
    "x",
    "--currency",
    "GBP",
    "--time-zone",
    "Europe/London",
  ];
  const orders = ["import", "orders", "x.csv"];

  // Risk: a script goes on after a command that did nothing.
  it.each([
    ["no command", [], "Usage:"],
    ["an unknown command", ["nonsense"], "unknown command 'nonsense'"],
    ["an unknown option", ["migrate", "--force"], "unknown option '--force'"],
    ["a group without its command", ["import"], "Usage:"],
    ["no file", ["import", "orders"], "missing required argument 'file'"],
    ["two files", [...orders, "y.csv"], "too many arguments"],
    ["a key without scopes", ["api-key", "create", "--name", "x"], "required option '--scopes"],
    [
      "an unknown scope",
      ["api-key", "create", "--name", "x", "--scopes", "all"],
      "Unknown: all. The scopes are: decisions:read",
    ],
    ["an organization without an admin", create, "required option '--admin-email"],
    ["no address", [...create, "--admin-email", "nobody"], "This is no email address."],
    ["no currency", [...orders, "--currency", "pounds"], "This is no ISO 4217 currency."],
    ["no time zone", [...orders, "--time-zone", "GMT+1"], "This is no time zone."],
    ["no pair of a map", [...orders, "--map", "order"], '"order" is no pair. Write field=Column'],
    ["a field that is mapped twice", [...orders, "--map", "order=a", "--map", "order=b"], "mapped twice"],
    ["no encoding", [...orders, "--encoding", "klingon"], "windows-1252"],
    ["no delimiter", [...orders, "--delimiter", "::"], "Write one character"],
    ["no decimal sign", [...orders, "--decimal", "x"], "Allowed choices are ., ,"],
    [
      "no date format",
      [...orders, "--date-format", "DD/MM/YYYY"],
      "Write the year as yyyy and the day as dd.",
    ],
    [
      "refunds without a date",
      [...orders, "--map", "order=a", "--refunds-to", "r.csv"],
      "add date=Column to --map",
    ],
    ["no id of an organization", [...orders, "--organization", "mine"], "--organization mine is no id."],
  ])("exits with 2 and says what to do: %s", async (_, args, said) => {
    expect(await runCommandLine(args)).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(said);
  });
});

describe("help", () => {
  it("goes to standard output, names every command and exits with 0", async () => {
    expect(await runCommandLine(["--help"])).toBe(0);
    expect(err).toBe("");
    for (const command of [
      "api-key",
      "organization",
      "employee",
      "import",
      "migrate",
      "policy",
      "seed",
      "simulate",
      "worker",
    ]) {
      expect(out).toContain(command);
    }
    out = "";
    expect(await runCommandLine(["import", "orders", "--help"])).toBe(0);
    for (const option of [
      "--map",
      "--encoding",
      "--date-format",
      "--currency",
      "--time-zone",
      "--delimiter",
      "--decimal",
      "--dry-run",
      "--refunds-to",
      "--errors-to",
      "--organization",
      "--json",
    ]) {
      expect(out).toContain(option);
    }
  });
});
