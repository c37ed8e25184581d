"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { pingEndpoint, removeEndpoint, replaceSecret, switchEndpoint } from "@/lib/webhooks/actions";
import type { ChangeAnswer, Endpoint, PingAnswer, SecretAnswer } from "@/lib/webhooks/types";
import { useCall } from "../rates/use-call";
import { Refused } from "../refused";
import { refusalOf } from "./webhooks-view";

interface EndpointActionsProps {
  endpoint: Endpoint;
  onSecret: (secret: string) => void;
}

/** What can be done about an endpoint at once. */
export function EndpointActions({ endpoint, onSecret }: EndpointActionsProps) {
  const t = useTranslations("webhooks");
  const router = useRouter();
  const { answer, busy, failed, call, clear } = useCall<PingAnswer | ChangeAnswer | SecretAnswer>();
  const [doing, setDoing] = useState<"test" | "switch" | "other">("other");
  const { id, status } = endpoint;

  function ask(what: typeof doing, work: () => Promise<PingAnswer | ChangeAnswer | SecretAnswer>) {
    setDoing(what);
    return call(work);
  }

  async function replace() {
    const heard = await ask("other", () => replaceSecret({ id }));
    if (heard?.ok && "secret" in heard) onSecret(heard.secret);
  }

  async function remove() {
    const heard = await ask("other", () => removeEndpoint({ id }));
    if (heard?.ok) router.push("/settings/webhooks");
  }

  const refused = answer && !answer.ok ? answer : null;
  const refusal = refusalOf(refused, t);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <Button busy={busy && doing === "test"} onClick={() => void ask("test", () => pingEndpoint({ id }))}>
          {t(busy && doing === "test" ? "page.testing" : "page.test")}
        </Button>
        <Button
          variant={status === "on" ? "secondary" : "primary"}
          busy={busy && doing === "switch"}
          onClick={() => void ask("switch", () => switchEndpoint({ id, on: status !== "on" }))}
        >
          {t(busy && doing === "switch" ? "page.busy" : status === "on" ? "page.pause" : "page.resume")}
        </Button>
        <Sure what="secret" variant="quiet" onSure={replace} />
        <Sure what="remove" variant="danger" onSure={remove} />
      </div>
      <p role="status" className="wrap-anywhere empty:hidden">
        {answer?.ok && "delivered" in answer ? <Tested {...answer} /> : null}
      </p>
      {refusal ? <ErrorNote title={refusal} /> : null}
      <Refused answer={refused} failed={failed} onSignedIn={clear} />
    </div>
  );
}

function Tested({ delivered, code, fault, latencyMs }: Extract<PingAnswer, { ok: true }>) {
  const t = useTranslations("webhooks.page");
  if (code === null) return <span className="text-deny">{t("testFailed", { fault: fault ?? "" })}</span>;
  return (
    <span className={delivered ? "text-allow" : "text-deny"}>
      {t(delivered ? "tested" : "testRefused", { code: String(code), ms: String(latencyMs) })}
    </span>
  );
}

interface SureProps {
  what: "secret" | "remove";
  variant: "quiet" | "danger";
  onSure: () => Promise<void>;
}

/** Asks before something that can't be taken back. */
function Sure({ what, variant, onSure }: SureProps) {
  const t = useTranslations("webhooks.page");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant={variant} onClick={() => setOpen(true)}>
        {t(`${what}.open`)}
      </Button>
      <Dialog
        title={t(`${what}.title`)}
        description={t(`${what}.text`)}
        closeLabel={common("close")}
        open={open}
        onOpenChange={setOpen}
      >
        <div className="flex flex-wrap justify-end gap-2">
          <DialogClose>{t("cancel")}</DialogClose>
          <Button
            variant={what === "remove" ? "danger" : "primary"}
            onClick={() => {
              setOpen(false);
              void onSure();
            }}
          >
            {t(`${what}.submit`)}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
