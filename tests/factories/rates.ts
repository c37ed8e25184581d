import { setRates } from "@/lib/rates/mutations";

/** Puts lines into an organization's table of rates: what one unit of a currency is worth from a day on. */
export async function setRatesFor(
  organization: { organizationId: string },
  ...lines: readonly (readonly [currency: string, day: string, rate: string])[]
): Promise<void> {
  const answer = await setRates({
    organizationId: organization.organizationId,
    rates: lines.map(([currency, day, rate]) => ({ currency, day, rate })),
    writer: { kind: "system", id: null },
    at: new Date(),
  });
  if (!answer.ok) throw new Error(`The rates were refused: ${JSON.stringify(answer)}`);
}
