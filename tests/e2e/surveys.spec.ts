import type { APIRequestContext, Page } from "@playwright/test";
import { createApiKey } from "@/lib/auth/api-keys";
import { type ApiScope, SCOPES } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import { answerHandover } from "@/lib/handovers/mutations";
import { expectAccessible } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const MINUTE = 60_000;
const DAY_SECONDS = 86_400;

/** So many cases that were solved on the spot, yesterday; and so many that were handed over and approved after a while, today. */
async function house(counts: { solved: number; handedOver: number }) {
  const s = await scenario({
    currency: "USD",
    timeZone: "America/New_York",
    limits: [
      limit({ id: "guest", scope: ["employee"], window: "decision", max: 5000, when: { roles: ["agent"] } }),
    ],
  });
  const began = Date.now() - 90 * MINUTE;
  const ask = async (amount: number, turn: number) =>
    decided(
      await s.ask(
        {
          ...{ customer: await s.customer(), amount },
          case: { channel: "phone", happened: "It came late.", need: null, cause: "carrier" },
        },
        { now: new Date(began + turn * 1000) },
      ),
    ).id ?? "";
  const solved: string[] = [];
  for (let turn = 0; turn < counts.solved; turn++) solved.push(await ask(2500, turn - DAY_SECONDS));
  const handedOver: string[] = [];
  for (let turn = 0; turn < counts.handedOver; turn++) {
    const decisionId = await ask(6000, turn);
    handedOver.push(decisionId);
    const { id: handoverId } = await inTenant(s.organizationId, (tx) =>
      tx.handover.findFirstOrThrow({ where: { organizationId: s.organizationId, decisionId } }),
    );
    const input = { answer: "approve", note: "Yes." } as const;
    const now = new Date(began + 20 * MINUTE);
    expect((await answerHandover({ actor: s.manager, handoverId, input, now })).ok).toBe(true);
  }
  return { s, solved, handedOver };
}

type House = Awaited<ReturnType<typeof house>>;

async function surveyTool(request: APIRequestContext, { s }: House, scopes: readonly ApiScope[] = SCOPES) {
  const { key } = await createApiKey({
    organizationId: s.organizationId,
    name: "Survey tool",
    scopes,
    createdBy: null,
    at: new Date(),
  });
  return (data: object) =>
    request.post("/api/v1/surveys", { headers: { Authorization: `Bearer ${key}` }, data });
}

const answeredAt = new Date(Date.now() - 30 * MINUTE).toISOString();

const rowsOf = (page: Page) => page.getByRole("main").locator("[data-row]:visible");

test("a survey tool tells answers as often as it likes, and is told what is wrong with them", async ({
  request,
}) => {
  const h = await house({ solved: 2, handedOver: 0 });
  const tell = await surveyTool(request, h);
  const [decision = "", other] = h.solved;
  const body = { decision, reference: "zd-1", score: 4, answeredAt };
  const first = await tell(body);
  expect([first.status(), await first.json()]).toEqual([
    201,
    { ...body, recordedAt: expect.stringMatching(/Z$/) },
  ]);
  expect((await tell(body)).status()).toBe(200);
  const later = await tell({ ...body, score: 2, answeredAt: new Date().toISOString() });
  expect([later.status(), (await later.json()).score]).toEqual([200, 2]);
  const late = await tell(body);
  expect([late.status(), (await late.json()).score]).toEqual([200, 2]);

  const refused = async (data: object, status: number, code: string, path?: string) => {
    const answer = await tell(data);
    const problem = await answer.json();
    expect([answer.status(), problem.code]).toEqual([status, code]);
    expect(answer.headers()["content-type"]).toBe("application/problem+json");
    if (path) expect(problem.errors).toMatchObject([{ path, message: expect.stringMatching(/.{10}/) }]);
  };
  await refused({ ...body, decision: other }, 409, "reference_used");
  await refused({ ...body, decision: newId() }, 404, "decision_not_found");
  await refused({ ...body, score: 6 }, 422, "invalid", "score");
  await refused({ ...body, score: 4.5 }, 422, "invalid", "score");
  await refused({ ...body, reference: " " }, 422, "invalid", "reference");
  await refused({ ...body, answeredAt: "yesterday" }, 422, "invalid", "answeredAt");
  await refused({ ...body, answeredAt: "2999-01-01T00:00:00Z" }, 422, "invalid", "answeredAt");
  await refused({ ...body, comment: "They were kind." }, 422, "invalid", "comment");
  const narrow = await surveyTool(request, h, ["decisions:write"]);
  expect((await narrow(body)).status()).toBe(403);
  const stranger = await surveyTool(request, await house({ solved: 0, handedOver: 0 }));
  expect((await stranger(body)).status()).toBe(404);
  // Whose own work it is tells nobody how content customers were.
  await signInAs(request, await h.s.employee("admin"));
  expect((await request.post("/api/v1/surveys", { data: body })).status()).toBe(403);
});

test.describe("on the dashboards", () => {
  // Each page is looked at in every width and theme, which takes its time.
  test.describe.configure({ timeout: 180_000 });

  // Risk: a manager reads that asking costs nothing, from figures that nobody can follow to what customers said.
  test("a manager sees how it turned out, solved on the spot and handed over, and follows it to the cases", async ({
    page,
    request,
  }) => {
    const h = await house({ solved: 9, handedOver: 6 });
    const tell = await surveyTool(request, h);
    const scores = { solved: [5, 5, 4, 4, 5, 4, 2, 5], handedOver: [4, 2, 1, 3, 5] };
    for (const way of ["solved", "handedOver"] as const) {
      for (const [i, score] of scores[way].entries()) {
        const told = await tell({ decision: h[way][i], reference: `${way} ${i}`, score, answeredAt });
        expect(told.status()).toBe(201);
      }
    }
    await signInAs(page.request, h.s.manager);
    await page.goto("/floor/insights");
    const main = page.getByRole("main");
    const section = main.locator("section").filter({
      has: page.getByRole("heading", { level: 2, name: "How customers said it turned out" }),
    });
    // Nine of thirteen; seven of eight, and two of five.
    await expect(section).toContainText("Of 13 customers who answered, 69.2% were satisfied: 4 or 5 of 5.");
    await expect(section).toContainText(
      "Where it was solved without asking it was 87.5%, where it was handed over 40.0%.",
    );
    await expect(section).toContainText("15 cases");
    const ways = section.getByRole("table");
    await expect(ways.getByRole("row")).toHaveCount(3);
    await expect(ways.getByRole("row", { name: "Handed over" })).toContainText("3.0");
    const chart = main.locator("section").filter({
      has: page.getByRole("heading", { level: 2, name: "Satisfied per day" }),
    });
    await expect(chart).toContainText(/the least was 40\.0%, on .*, and the most 87\.5%, on /);
    await chart.getByText("As a table").click();
    await expect(chart.getByRole("table").getByRole("row", { name: "87.5%" })).toContainText("4.3");
    await expectAccessible(page, "outcome");

    await ways.getByRole("row", { name: "Handed over" }).getByRole("link", { name: "40.0%" }).click();
    await expect(page.getByRole("list", { name: "Shown are" })).toContainText("customer satisfied");
    await expect(rowsOf(page)).toHaveCount(2);
    await page.goBack();
    await section.locator("dl").getByRole("link", { name: "4", exact: true }).click();
    await expect(page).toHaveURL(/outcome=unsatisfied/);
    await expect(rowsOf(page)).toHaveCount(4);
    await page.goBack();
    await section.getByRole("link", { name: "15 cases" }).click();
    await expect(page.getByRole("list", { name: "Shown are" })).toContainText("the customer said nothing");
    await expect(rowsOf(page)).toHaveCount(15);
    await page.goBack();
    const cause = main.getByRole("table", { name: "By cause" });
    await expect(cause.getByRole("columnheader", { name: "Satisfied" })).toBeVisible();
    await expect(cause.getByRole("link", { name: "69.2%" })).toBeVisible();

    await page.goto(`/floor/decisions/${h.handedOver[2]}`);
    await expect(main).toContainText("Not satisfied, 1 of 5");
    await expect(main).toContainText("The customer said how it turned out, by the API key Survey tool");
    await expectAccessible(page, "outcome-decision");
  });

  test("few answers are told by their number, and where nobody tells any there is nothing of it", async ({
    page,
    request,
  }) => {
    const h = await house({ solved: 6, handedOver: 0 });
    await signInAs(page.request, h.s.manager);
    await page.goto("/floor/insights");
    const main = page.getByRole("main");
    await expect(main.getByRole("heading", { level: 1, name: "Dashboards" })).toBeVisible();
    await expect(main.getByRole("heading", { level: 2, name: "By team" })).toBeVisible();
    await expect(main).not.toContainText(/customers said|satisfied/i);

    const tell = await surveyTool(request, h);
    for (const [i, score] of [5, 4, 1, 5].entries()) {
      const told = await tell({ decision: h.solved[i], reference: `few ${i}`, score, answeredAt });
      expect(told.status()).toBe(201);
    }
    await page.reload();
    const section = main.locator("section").filter({
      has: page.getByRole("heading", { level: 2, name: "How customers said it turned out" }),
    });
    await expect(section).toContainText("4 customers answered: too few to say it in percent.");
    await expect(section.getByRole("table")).toContainText("4 answers");
    await expect(section.getByRole("table")).not.toContainText("%");
    await section.getByRole("table").getByRole("link", { name: "4 answers" }).click();
    await expect(rowsOf(page)).toHaveCount(4);
  });
});
