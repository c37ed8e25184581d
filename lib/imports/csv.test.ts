import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CsvRecord, openTable } from "./csv";
import { type CsvFile, UnusableFile } from "./types";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-csv-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileOf(content: string | Uint8Array, options: Omit<CsvFile, "path"> = {}): CsvFile {
  files += 1;
  const path = join(folder, `${files}.csv`);
  writeFileSync(path, content);
  return { path, ...options };
}

async function read(file: CsvFile): Promise<{ header: readonly string[]; records: CsvRecord[] }> {
  const table = await openTable(file);
  const records: CsvRecord[] = [];
  for await (const batch of table.records) records.push(...batch);
  return { header: table.header, records };
}

async function rows(content: string | Uint8Array, options: Omit<CsvFile, "path"> = {}) {
  const { records } = await read(fileOf(content, options));
  return records.map((record) => (record.ok ? record.fields : `${record.line}: ${record.fault.problem}`));
}

function failure(content: string | Uint8Array, options: Omit<CsvFile, "path"> = {}): Promise<unknown> {
  return read(fileOf(content, options)).then(
    () => "no failure",
    (error: unknown) => (error instanceof UnusableFile ? `${error.message} ${error.advice}` : error),
  );
}

describe("a table", () => {
  it("is read with its header, whatever its lines end with", async () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const { header, records } = await read(fileOf(["a,b", "1,2", "3,4"].join(end)));
      expect(header).toEqual(["a", "b"]);
      expect(records).toEqual([
        { ok: true, line: 2, fields: ["1", "2"] },
        { ok: true, line: 3, fields: ["3", "4"] },
      ]);
    }
  });

  it("keeps delimiters, quotes and line ends inside quoted texts", async () => {
    expect(await rows('a,b\n"1,5","say ""hi"""\n"two\nlines",x\n')).toEqual([
      ["1,5", 'say "hi"'],
      ["two\nlines", "x"],
    ]);
  });

  it("is read with the delimiter that was named", async () => {
    expect(await rows("a;b\n1,5;2\n", { delimiter: ";" })).toEqual([["1,5", "2"]]);
    expect(await rows("a\tb\n1\t2\n", { delimiter: "\t" })).toEqual([["1", "2"]]);
  });

  it("takes an inch sign for a letter", async () => {
    expect(await rows('a,b\n12" ruler,1\nnext,2\n')).toEqual([
      ['12" ruler', "1"],
      ["next", "2"],
    ]);
  });

  it("passes over lines without text", async () => {
    expect(await rows("a,b\n\n1,2\n,,\n   \n")).toEqual([["1", "2"]]);
  });

  it("takes empty columns behind the last one for none", async () => {
    expect(await rows("a,b\n1,2,,\n")).toEqual([["1", "2", "", ""]]);
  });
});

describe("a line that cannot be read", () => {
  it("is named by number and by the first column that it lacks, at the end of the file too", async () => {
    const { records } = await read(fileOf("a,b,c\n1,2,3\n4,5"));
    expect(records[1]).toEqual({
      ok: false,
      line: 3,
      fault: { line: 3, column: "c", problem: "The line breaks off after 2 of 3 columns.", value: null },
    });
  });

  // Risk: one lost quote in the middle of a file, and all orders below it are one long description.
  it("costs itself alone when its quote never closes", async () => {
    expect(await rows('a,b\n1,"broken off\n2,x\n3,"fine"\n')).toEqual([
      "2: A quote opens here that does not close.",
      ["2", "x"],
      ["3", "fine"],
    ]);
  });

  it("costs itself alone when a later quote seems to close it", async () => {
    expect(await rows('a,b,c\n1,"broken,2\n2,"fine",3\n4,"also",5\n')).toEqual([
      "2: A quote opens here that does not close.",
      ["2", "fine", "3"],
      ["4", "also", "5"],
    ]);
  });

  it("is one with more columns than the header", async () => {
    expect(await rows("a,b\n1,2,3\n")).toEqual([expect.stringContaining("has 3 columns, the header 2")]);
  });

  it("keeps its number behind texts that go over several lines", async () => {
    const { records } = await read(fileOf('a,b\n"1\n1\n1",2\n3\n'));
    expect(records.map(({ line }) => line)).toEqual([2, 5]);
  });
});

describe("long files", () => {
  // Risk: a chunk of the file ends in the middle of a letter, a line end or a quoted text.
  it("read the same wherever the chunks are cut", async () => {
    const lines = Array.from({ length: 9_000 }, (_, i) => `${i},"Zoë ${"x".repeat(i % 37)}\r\nsecond"`);
    const { records } = await read(fileOf(`n,text\r\n${lines.join("\r\n")}\r\n`));
    expect(records).toHaveLength(9_000);
    for (const [i, record] of records.entries()) {
      expect(record).toEqual({
        ok: true,
        line: 2 + 2 * i,
        fields: [String(i), `Zoë ${"x".repeat(i % 37)}\nsecond`],
      });
    }
  });

  it("without line ends are refused, not kept in memory", async () => {
    expect(await failure(`a,b\n${"x".repeat(1_200_000)}`)).toContain(
      "Line 2 has more than a million characters",
    );
  });
});

describe("encodings", () => {
  const pound = Uint8Array.of(...Buffer.from("a,b\nok,1\n"), 0xa3, 0x80, 0x2c, 0x31, 0x0a);

  it("are decoded as named, the euro sign of Windows too", async () => {
    expect(await rows(pound, { encoding: "windows-1252" })).toEqual([
      ["ok", "1"],
      ["£€", "1"],
    ]);
    expect(await rows(Buffer.from("\ufeffa,b\né,2\n", "utf16le"), { encoding: "utf-16le" })).toEqual([
      ["é", "2"],
    ]);
  });

  it("that do not fit are refused with the line and what to try", async () => {
    expect(await failure(pound)).toBe(
      "Line 3 has bytes that are not UTF-8. A file that was saved on Windows is most likely read by adding: --encoding windows-1252",
    );
    expect(await failure(Uint8Array.of(...Buffer.from("a,b\nZo"), 0xc3))).toContain("Line 2 has bytes");
  });

  it("are told by a byte order mark", async () => {
    const marked = "\ufefforder,b\n1,2\n";
    expect((await read(fileOf(marked))).header).toEqual(["order", "b"]);
    expect(await failure(marked, { encoding: "windows-1252" })).toContain("Leave out --encoding.");
    expect(await failure(Buffer.from(marked, "utf16le"))).toContain("Add: --encoding utf-16le");
  });
});

describe("a file that is none", () => {
  it("is refused with what to do", async () => {
    expect(await failure("")).toContain("is empty");
    expect(await failure("\n\n")).toContain("is empty");
    expect(await failure('"a,b\n1,2\n')).toContain("open a quote that does not close");
    const missing = { path: join(folder, "missing.csv") };
    await expect(read(missing)).rejects.toThrow("There is no file");
    await expect(read({ path: folder })).rejects.toThrow("is a folder");
  });
});
