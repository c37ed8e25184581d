import { Check, CircleAlert, CircleDashed, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatShare } from "@/components/floor/share";
import { cn } from "@/components/ui/cn";
import type { DraftPage } from "@/lib/policies/types";
import type { ByVerdict } from "@/lib/simulations/types";

interface PublishGatesProps {
  page: DraftPage;
  revision: number;
  dirty: boolean;
  /** How many examples fail. */
  failing: number;
}

/** What stands before a draft's coming into force: only failing examples keep it from that. */
export function PublishGates({ page, revision, dirty, failing }: PublishGatesProps) {
  const t = useTranslations("settings.publish.gates");
  const examples = page.draft.document.examples?.length ?? 0;
  return (
    <ul aria-label={t("label")} className="flex flex-col gap-1.5">
      <Gate state={dirty ? "open" : "done"}>{dirty ? t("unsaved") : t("saved", { revision })}</Gate>
      {failing > 0 ? (
        <Gate state="fault">{t("examplesFail", { count: failing })}</Gate>
      ) : (
        <Gate state={examples > 0 ? "done" : "open"}>
          {examples > 0 ? t("examplesPass", { count: examples }) : t("examplesNone")}
        </Gate>
      )}
      {page.current ? <SimulationGate page={page} revision={revision} dirty={dirty} /> : null}
    </ul>
  );
}

function SimulationGate({ page, revision, dirty }: Omit<PublishGatesProps, "failing">) {
  const t = useTranslations("settings.publish.gates");
  const { latestSimulation: latest, draft } = page;
  const link = (label: string) => (
    <Link
      href={`/settings/policies/${draft.version}/simulation`}
      className="flex w-fit items-center rounded-inner underline underline-offset-4 pointer-coarse:min-h-11"
    >
      {label}
    </Link>
  );
  if (latest?.status === "queued" || latest?.status === "running") {
    return (
      <Gate state="open">
        {t("simulating")} {link(t("simulation"))}
      </Gate>
    );
  }
  if (latest?.status !== "done" || !latest.verdicts) {
    return (
      <Gate state="open">
        {t("simulatedNot")} {link(t("simulate"))}
      </Gate>
    );
  }
  if (latest.revision !== revision || dirty) {
    return (
      <Gate state="open">
        {t("simulatedOld")} {link(t("simulate"))}
      </Gate>
    );
  }
  const before = solvedShare(latest.verdicts.current);
  const after = solvedShare(latest.verdicts.draft);
  return (
    <Gate state="done">
      {before === null || after === null ? t("simulatedNone") : t("simulated", { before, after })}{" "}
      {link(t("simulation"))}
    </Gate>
  );
}

/** Allowed, or bent with a reason: nobody had to be asked. Null where there was nothing. */
function solvedShare({ allow, bend, handover, deny }: ByVerdict): string | null {
  const all = allow.count + bend.count + handover.count + deny.count;
  return all === 0 ? null : formatShare((allow.count + bend.count) / all);
}

type GateState = "done" | "open" | "fault";

const ICONS: Record<GateState, { Icon: LucideIcon; look: string }> = {
  done: { Icon: Check, look: "text-allow" },
  open: { Icon: CircleDashed, look: "text-ink-3" },
  fault: { Icon: CircleAlert, look: "text-deny" },
};

function Gate({ state, children }: { state: GateState; children: ReactNode }) {
  const { Icon, look } = ICONS[state];
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", look)} />
      <span className={cn("figures min-w-0", state === "fault" && "text-deny")}>{children}</span>
    </li>
  );
}
