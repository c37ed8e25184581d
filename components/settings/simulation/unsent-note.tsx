import { useTranslations } from "next-intl";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { formatCount, formatMoney } from "@/lib/format/money";
import { solvedOf, totalOf } from "@/lib/simulations/tallies";
import type { Against, SimulationResult, Tally } from "@/lib/simulations/types";

interface UnsentNoteProps {
  result: SimulationResult;
  against: Against;
  currency: string;
}

/** What history can't tell by itself, in plain words, with what the desk has noted of it. */
export function UnsentNote({ result, against, currency }: UnsentNoteProps) {
  const t = useTranslations("settings.simulation.unsent");
  const kinds = (["abandoned", "lowered"] as const).map((kind) => {
    const voices = result.unsent[kind];
    return {
      kind,
      total: totalOf(voices.draft),
      before: solvedOf(voices[against]),
      after: solvedOf(voices.draft),
    };
  });
  const some = kinds.some(({ total }) => total.count > 0);
  const sum = ({ count, amount }: Tally) =>
    t("of", { count: formatCount(count), amount: formatMoney(amount, currency) });
  return (
    <section aria-labelledby="unsent" className="flex flex-col gap-3" data-testid="unsent">
      <h2 id="unsent" className="font-semibold text-base">
        {t("title")}
      </h2>
      <p className="max-w-prose text-ink-2">{t("text")}</p>
      {some ? null : <p className="max-w-prose text-ink-2">{t("none")}</p>}
      {some ? (
        <>
          <Table className="hidden max-w-3xl md:table">
            <TableHead className="static">
              <tr>
                <TableHeader>{t("columns.kind")}</TableHeader>
                <TableHeader align="end">{t("columns.count")}</TableHeader>
                <TableHeader align="end">{t("columns.sum")}</TableHeader>
                <TableHeader align="end">{t("columns.before")}</TableHeader>
                <TableHeader align="end">{t("columns.after")}</TableHeader>
              </tr>
            </TableHead>
            <TableBody>
              {kinds.map(({ kind, total, before, after }) => (
                <TableRow key={kind}>
                  <TableCell className="whitespace-normal">
                    <span className="block font-medium">{t(`kinds.${kind}`)}</span>
                    <span className="block text-ink-3 text-xs">{t(`kindTexts.${kind}`)}</span>
                  </TableCell>
                  <TableCell align="end">{formatCount(total.count)}</TableCell>
                  <TableCell align="end">{formatMoney(total.amount, currency)}</TableCell>
                  <TableCell align="end">{formatCount(before.count)}</TableCell>
                  <TableCell align="end">{formatCount(after.count)}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
          <ul className="flex flex-col divide-y divide-line border-line border-y md:hidden">
            {kinds.map(({ kind, total, before, after }) => (
              <li key={kind} className="flex flex-col gap-1 py-3">
                <span className="flex justify-between gap-3 font-medium">
                  {t(`kinds.${kind}`)}
                  <span className="figures">{sum(total)}</span>
                </span>
                <span className="text-ink-3 text-xs">{t(`kindTexts.${kind}`)}</span>
                <span className="figures flex justify-between gap-3 text-ink-2">
                  {t("columns.before")}
                  <span>{formatCount(before.count)}</span>
                </span>
                <span className="figures flex justify-between gap-3 text-ink-2">
                  {t("columns.after")}
                  <span>{formatCount(after.count)}</span>
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
