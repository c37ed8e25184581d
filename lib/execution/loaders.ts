import { isAdmin } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import type { EmployeeActor } from "@/lib/auth/types";
import { findDecision } from "@/lib/decisions/data";
import { maySettle } from "@/lib/execution/ability";
import { byHandCsv } from "@/lib/execution/csv";
import {
  countExecutions,
  listByHand,
  listExecutions,
  readChoices,
  readHealth,
  readNumbers,
} from "@/lib/execution/data";
import type { Provider, ProviderKind } from "@/lib/execution/provider";
import { builtKinds, providerOf } from "@/lib/execution/registry";
import { byHandFilterSchema, listFilterSchema } from "@/lib/execution/schema";
import type { ByHandPage, ExecutionPage, ExecutionsPage, ToldExecution } from "@/lib/execution/types";
import { readProviders } from "@/lib/providers/data";
import { OUTSIDE_KINDS } from "@/lib/providers/types";
import { NoKey } from "@/lib/secrets/cipher";

/** How many are listed. */
export const LISTED = 200;
const EXPORTED = 5_000;

type Params = Record<string, string | string[] | undefined>;

/** How far it is with carrying a decision out; null where nothing is to be, undefined where there is no such decision. */
export async function loadExecution(
  { organizationId, timeZone }: EmployeeActor,
  decisionId: string,
): Promise<ToldExecution | null | undefined> {
  const found = await findDecision(organizationId, decisionId);
  if (!found) return undefined;
  if (!found.execution) return null;
  const { execution, amount, currency, handover } = found;
  return {
    execution,
    amount: handover?.grantedAmount ?? amount,
    currency,
    timeZone,
    now: new Date().toISOString(),
  };
}

/** What is open, and what failed, for whoever may enter the floor. */
export async function loadExecutions(params: Params): Promise<ExecutionsPage> {
  const { organizationId, role, timeZone } = await requireActor("floor");
  const { show } = listFilterSchema.parse(params);
  const now = new Date();
  const [executions, counts] = await Promise.all([
    listExecutions(organizationId, { show, limit: LISTED, now }),
    countExecutions(organizationId, now),
  ]);
  return { show, counts, executions, maySettle: maySettle(role), timeZone, now: now.toISOString() };
}

/** What people are to do elsewhere. */
export async function loadByHand(params: Params): Promise<ByHandPage> {
  const { organizationId, employeeId, role, timeZone } = await requireActor("floor");
  const filter = byHandFilterSchema.parse(params);
  const now = new Date();
  const items = await listByHand(organizationId, { ...filter, employeeId, limit: LISTED, now });
  return { filter, items, maySettle: maySettle(role), employeeId, timeZone, now: now.toISOString() };
}

/** The same as a file. */
export async function loadByHandFile(params: Params): Promise<string> {
  const { organizationId, employeeId } = await requireActor("floor");
  const filter = byHandFilterSchema.parse(params);
  return byHandCsv(
    await listByHand(organizationId, { ...filter, employeeId, limit: EXPORTED, now: new Date() }),
  );
}

/** Which provider serves what, and how each is, for whoever may enter the settings. */
export async function loadExecutionSettings(): Promise<ExecutionPage> {
  const { organizationId, role, currency, timeZone } = await requireActor("settings");
  const now = new Date();
  const [choices, health, numbers, set, built] = await Promise.all([
    readChoices(organizationId),
    readHealth(organizationId, now),
    readNumbers(organizationId),
    readProviders(organizationId),
    Promise.all(builtKinds().map(async (kind) => ({ kind, ...(await openedOf(organizationId, kind)) }))),
  ]);
  const able = (provider: Provider | null, remedy: ExecutionPage["choices"][number]["remedy"]) =>
    provider?.capabilities().remedies.includes(remedy) ?? false;
  return {
    mayEdit: isAdmin(role),
    choices: choices.map((choice) => ({
      ...choice,
      possible: built.filter(({ provider }) => able(provider, choice.remedy)).map(({ kind }) => kind),
    })),
    providers: built.flatMap(({ kind, provider, keyMissing }) => {
      const own = health.find((each) => each.provider === kind);
      if (!own) return [];
      return [
        {
          ...own,
          ...(keyMissing ? { light: "bad" as const } : {}),
          configured: provider !== null,
          turnedOff: OUTSIDE_KINDS.some((outside) => outside === kind && set[outside]?.enabled === false),
          keyMissing,
        },
      ];
    }),
    numbers,
    currency,
    timeZone,
    now: now.toISOString(),
  };
}

/** A provider as it can be used now; one whose secrets can't be read is there, and does nothing. */
async function openedOf(
  organizationId: string,
  kind: ProviderKind,
): Promise<{ provider: Provider | null; keyMissing: boolean }> {
  try {
    return { provider: await providerOf(organizationId, kind), keyMissing: false };
  } catch (error) {
    if (!(error instanceof NoKey)) throw error;
    return { provider: null, keyMissing: true };
  }
}
