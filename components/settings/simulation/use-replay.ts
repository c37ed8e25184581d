"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { requestSimulation } from "@/lib/simulations/actions";
import { useLifeCall } from "../use-life-call";
import { simulationHref } from "./address";

/** Asks for a replay of some days under a version, and goes where it is shown. */
export function useReplay(version: number) {
  const router = useRouter();
  const [going, startGoing] = useTransition();
  const { busy, refusal, call, clear } = useLifeCall();

  async function replay(span: { from: string; to: string }) {
    const answer = await call(() => requestSimulation({ version, span }));
    if (answer) startGoing(() => router.push(simulationHref(version, { run: answer.id }), { scroll: false }));
  }

  return { busy: busy || going, refusal, replay, clear };
}
