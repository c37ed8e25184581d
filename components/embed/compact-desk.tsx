"use client";

import { useTranslations } from "next-intl";
import { use, useCallback, useEffect, useMemo, useState } from "react";
import { RefusedNote } from "@/components/decision/refused-note";
import { AllowanceMeter } from "@/components/desk/allowance-meter";
import { CaseSteps } from "@/components/desk/case-steps";
import { CustomerHead } from "@/components/desk/customer-head";
import { EMPTY_DRAFT } from "@/components/desk/draft";
import { draftKey, isTyped } from "@/components/desk/draft-storage";
import { type DeskFacts, useCase } from "@/components/desk/use-case";
import { keep, readKept } from "@/components/shell/own-storage";
import { PassCount } from "@/components/shell/pass-count";
import type { Refused } from "@/components/shell/rest";
import { ErrorNote } from "@/components/ui/error-note";
import type { EmbeddedDesk } from "@/lib/embed/types";
import { CompactForm } from "./compact-form";
import { CompactHistory } from "./compact-history";
import { type Match, readDesk } from "./requests";

interface CompactDeskProps {
  match: Match;
  /** Goes on to another customer. */
  onNext: () => void;
}

/** One customer: what the person may still give them, what is to be given, and what was. */
export function CompactDesk({ match, onNext }: CompactDeskProps) {
  const t = useTranslations("embed.desk");
  const { desk, refused, read } = useDesk(match);

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
      <CompactCase desk={desk} match={match} onRead={read} onNext={onNext} />
      <CompactHistory desk={desk} />
    </>
  );
}

/** Tickets are written. */
const EMPTY_TICKET = { ...EMPTY_DRAFT, channel: "email" };

interface CompactCaseProps {
  desk: EmbeddedDesk;
  match: Match;
  onRead: () => void;
  onNext: () => void;
}

function CompactCase({ desk, match, onRead, onNext }: CompactCaseProps) {
  const facts = useMemo(() => factsOf(desk, match.id), [desk, match.id]);
  const place = `${draftKey(facts.employeeId, facts.customer.id)}.order`;
  const order = useState(() => ofTicket(desk, match) ?? readOrder(place));
  const theCase = useCase(facts, order, { empty: EMPTY_TICKET });
  const [orderId] = order;
  const isOpen = isTyped(theCase.draft);
  // Kept with what is typed: the desk has it in its address, and a frame's address is the ticket's.
  useEffect(() => keep(place, isOpen && orderId ? { orderId } : null), [place, isOpen, orderId]);
  return (
    <CaseSteps
      facts={facts}
      theCase={theCase}
      form={<CompactForm facts={facts} theCase={theCase} onChanged={onRead} />}
      atOnce
      onReachable={onRead}
      onNext={onNext}
      onSignIn={null}
    />
  );
}

/** The order that the ticket is about, where it is one of the customer's. */
function ofTicket({ orders }: EmbeddedDesk, { order }: Match): string | null {
  return orders.items.find(({ id }) => id === order?.id)?.id ?? null;
}

/** The order that was picked up for what was typed here before. */
function readOrder(place: string): string | null {
  const kept = readKept(place) as { orderId?: unknown } | null;
  return typeof kept?.orderId === "string" ? kept.orderId : null;
}

/** What the desk's own case is made of. */
function factsOf(desk: EmbeddedDesk, foundAs: string): DeskFacts {
  const { customer, allowance } = desk;
  return {
    employeeId: desk.employeeId,
    customer: { id: customer.id, name: customer.name },
    cameById: foundAs === customer.id ? null : foundAs,
    orders: desk.orders.items,
    currency: desk.currency,
    available: allowance?.available ?? null,
    policy: desk.policy,
    causes: desk.causes,
    causeWords: desk.causeWords,
    usual: desk.usual,
    today: desk.today,
  };
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
