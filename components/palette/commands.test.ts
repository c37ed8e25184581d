import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commandsFor, isMeant } from "./commands";

describe("what the palette offers", () => {
  // Risk: somebody is led to a page that then refuses them.
  it("are places that the person may enter, and no others", () => {
    const hrefs = (...places: Parameters<typeof commandsFor>[0]) =>
      commandsFor(places).flatMap((command) => (command.kind === "place" ? [command.href] : []));
    expect(hrefs("desk")).toEqual([
      "/desk",
      "/desk/day",
      "/desk/reviews",
      "/desk/duty",
      "/desk/notifications",
    ]);
    expect(hrefs("floor", "settings").filter((href) => href.startsWith("/desk"))).toEqual([]);
    expect(hrefs("floor", "settings")).toContain("/settings/causes");
  });

  // Risk: a page that is added is reached by those alone who know where its link is.
  it("are all the pages that are about no one thing, and nothing else", () => {
    const hrefs = commandsFor(["desk", "floor", "settings"]).flatMap((command) =>
      command.kind === "place" ? [command.href] : [],
    );
    const pages = readdirSync("app", { recursive: true })
      .map((file) => `/${file}`)
      .filter((file) => /^\/(desk|floor|settings)\/([^[]+\/)?page\.tsx$/.test(file))
      .map((file) => file.replace(/\/page\.tsx$/, ""));
    expect(hrefs.toSorted()).toEqual(pages.toSorted());
  });

  // Risk: an auditor, who decides nothing, is asked to start a case.
  it("are cases to start only for who may enter the desk", () => {
    const starts = (...places: Parameters<typeof commandsFor>[0]) =>
      commandsFor(places).some((command) => command.kind === "action" && command.name === "startCase");
    expect(starts("desk", "floor")).toBe(true);
    expect(starts("floor", "settings")).toBe(false);
  });
});

describe("what somebody means who types", () => {
  // Risk: a customer's name hides behind commands that have its letters somewhere in the middle.
  it("begins the words of what is meant", () => {
    expect(isMeant("sta ca", "Start a case")).toBe(true);
    expect(isMeant("case start", "Start a case")).toBe(true);
    expect(isMeant("art", "Start a case")).toBe(false);
    expect(isMeant("stab", "Start a case")).toBe(false);
  });
});
