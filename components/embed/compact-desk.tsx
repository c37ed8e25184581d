"use client";

import { useTranslations } from "next-intl";
import { use, useCallback, useEffect, useState } from "react";
import { RefusedNote } from "@/components/decision/refused-note";
import { AllowanceMeter } from "@/components/desk/allowance-meter";
import { CustomerHead } from "@/components/desk/customer-head";
import type { Refused } from "@/components/shell/rest";
import { ErrorNote } from "@/components/ui/error-note";
import type { DecidedView } from "@/lib/decisions/types";
import type { EmbeddedDesk } from "@/lib/embed/types";
import { CompactForm } from "./compact-form";
import { CompactHistory } from "./compact-history";
import { CompactReceipt } from "./compact-receipt";
import { type Match, readDesk } from "./requests";
import { PassCount } from "./use-pass";

/** What was recorded last, as the receipt shows it. */
export interface Recorded {
  decision: DecidedView;
  replayed: boolean;
  /** The server's clock when it answered, epoch milliseconds. */
  answeredAt: number;
}

/** One customer: what the person may still give them, what is to be given, and what was. */
export function CompactDesk({ match }: { match: Match }) {
  const t = useTranslations("embed.desk");
  const { desk, refused, read } = useDesk(match);
  const [recorded, setRecorded] = useState<Recorded | null>(null);

  if (desk === null) {
    if (refused === null) return <p role="status">{t("reading")}</p>;
    const isGone = refused.reason === "problem" && refused.problem.code === "not_found";
    return isGone ? (
      <ErrorNote title={t("gone")} />
    ) : (
      <RefusedNote refused={refused} unsure={t("failed")} onAgain={read} />
    );
  }
  return (
    <>
      <CustomerHead customer={desk.customer} />
      {desk.allowance ? <AllowanceMeter allowance={desk.allowance} /> : null}
      {recorded ? (
        <CompactReceipt
          {...recorded}
          desk={desk}
          onChanged={read}
          onMore={() => {
            setRecorded(null);
            read();
          }}
        />
      ) : (
        <CompactForm
          desk={desk}
          orderId={match.order?.id ?? null}
          onDone={(done) => {
            setRecorded(done);
            read();
          }}
        />
      )}
      <CompactHistory desk={desk} />
    </>
  );
}

/** The customer as the server has them; what was read before stays until the newer answer is there, or when none comes. */
function useDesk({ id, order }: Match) {
  const orderId = order?.id ?? null;
  const [desk, setDesk] = useState<EmbeddedDesk | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [turn, setTurn] = useState(0);
  const passes = use(PassCount);
  const read = useCallback(() => setTurn((count) => count + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` counts how often it was asked for again, `passes` by how many passes.
  useEffect(() => {
    const aborter = new AbortController();
    readDesk(id, orderId, aborter.signal).then(
      (answer) => {
        if (answer.ok) setDesk(answer.value);
        setRefused(answer.ok ? null : answer);
      },
      // Nothing but the abort is thrown: it was asked for anew.
      () => undefined,
    );
    return () => aborter.abort();
  }, [id, orderId, turn, passes]);

  // Whoever comes back to the ticket may have given something elsewhere meanwhile.
  useEffect(() => {
    window.addEventListener("focus", read);
    return () => window.removeEventListener("focus", read);
  }, [read]);

  return { desk, refused, read };
}
