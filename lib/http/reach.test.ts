import { describe, expect, it } from "vitest";
import { addressOf, guardedLookup, mayReach, OutOfReach, urlFault } from "@/lib/http/reach";

const LOCAL = ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"];
const PRIVATE = [
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "100.64.0.1",
  "fd00::1",
  "::ffff:10.0.0.1",
];
const NEVER = [
  "169.254.169.254",
  "::ffff:169.254.169.254",
  "::ffff:a9fe:a9fe",
  "0.0.0.0",
  "::",
  "224.0.0.1",
  "255.255.255.255",
  "fe80::1",
  "ff02::1",
  "64:ff9b::a9fe:a9fe",
  "2002:7f00:1::",
  "::127.0.0.1",
  "198.18.0.1",
  "2001:db8::1",
  "3fff::1",
  "4000::1",
  "no address",
  "",
];
const PUBLIC = ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1"];

describe("what webhooks may reach", () => {
  // Risk: an endpoint makes Leeway ask the cloud's own address for the machine's credentials, or the network behind it.
  it.each([
    ["public", [...LOCAL, ...PRIVATE, ...NEVER], PUBLIC],
    ["loopback", [...PRIVATE, ...NEVER], [...PUBLIC, ...LOCAL]],
    ["private", NEVER, [...PUBLIC, ...LOCAL, ...PRIVATE]],
  ] as const)("is decided by the address: %s", (reach, refused, taken) => {
    expect(refused.filter((address) => mayReach(address, reach))).toEqual([]);
    expect(taken.filter((address) => !mayReach(address, reach))).toEqual([]);
  });

  it("is https, but for this machine where that is allowed; and no address with a password in it", () => {
    const may = (url: string, reach: "public" | "loopback" | "private") => urlFault(url, reach) === null;
    expect(may("https://hooks.example.com/a", "public")).toBe(true);
    expect(may("http://hooks.example.com/a", "private")).toBe(false);
    expect(may("https://127.0.0.1/a", "public")).toBe(false);
    expect(may("https://[::1]/a", "public")).toBe(false);
    // The browser's way of writing 127.0.0.1 in one number.
    expect(may("https://2130706433/a", "public")).toBe(false);
    expect(may("https://0x7f.1/a", "public")).toBe(false);
    expect(may("http://127.0.0.1:4000/a", "loopback")).toBe(true);
    expect(may("http://localhost:4000/a", "loopback")).toBe(true);
    expect(may("http://10.0.0.1/a", "private")).toBe(false);
    expect(may("https://10.0.0.1/a", "private")).toBe(true);
    expect(may("https://me:secret@hooks.example.com/", "public")).toBe(false);
    expect(may("ftp://hooks.example.com/", "private")).toBe(false);
  });

  // Risk: a name that was harmless when it was typed leads to this machine when it is connected to.
  it("is looked at when a name is resolved for the connection, whatever the caller asks for", async () => {
    const ask = (name: string, all: boolean) =>
      new Promise<string>((resolve) => {
        guardedLookup()(name, { all }, (error, address) =>
          resolve(error ? error.message : typeof address === "string" ? address : `${address.length}`),
        );
      });
    // The tests' own setting lets this machine be reached; localhost is that.
    expect(await ask("localhost", false)).toMatch(/reach|127\.0\.0\.1|::1/);
    expect(await ask("nobody.invalid", true)).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it("sees an address however it is written in a URL", () => {
    const urls = ["http://2130706433/", "http://0x7f.1/", "http://[::ffff:7f00:1]/", "http://127.1/"];
    expect(urls.map((url) => addressOf(new URL(url)))).toEqual([
      "127.0.0.1",
      "127.0.0.1",
      "::ffff:7f00:1",
      "127.0.0.1",
    ]);
    expect(addressOf(new URL("https://example.com/"))).toBeNull();
  });

  // Risk: a name of somebody's own leads inside, or does so by the time that it is connected to.
  it.each([{}, { all: true }])("connects to no name that leads to this machine (%o)", async (options) => {
    const fault = await new Promise((resolve) => {
      guardedLookup("public")("localhost", options, (error) => resolve(error));
    });
    expect(fault).toBeInstanceOf(OutOfReach);
  });
});
