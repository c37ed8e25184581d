"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { chime, setAlert, showNotification, useAlert } from "@/components/shell/alerts";
import { Checkbox } from "@/components/ui/checkbox";

/** Whether a new request is told with a sound, or with a notification while nobody looks. Kept in this browser. */
export function AlertSwitches() {
  const t = useTranslations("handovers.queue");
  const sound = useAlert("sound");
  const notify = useAlert("notify");
  const [missing, setMissing] = useState<"denied" | "none" | null>(null);

  async function wantNotification(on: boolean) {
    setMissing(null);
    if (!on) return setAlert("notify", false);
    const isAllowed = "Notification" in window && (await Notification.requestPermission()) === "granted";
    // As the sound is heard at once: whether one is shown at all is known only from one that is.
    const shown = isAllowed ? showNotification(t("notifyShown"), { tag: "leeway" }) : null;
    setAlert("notify", shown !== null);
    if (shown === null) setMissing("Notification" in window && !isAllowed ? "denied" : "none");
  }

  return (
    <fieldset className="flex flex-col">
      <legend className="sr-only">{t("alerts")}</legend>
      <div className="flex flex-wrap gap-x-5">
        <Checkbox
          label={t("sound")}
          checked={sound}
          onChange={(event) => {
            setAlert("sound", event.target.checked);
            if (event.target.checked) chime();
          }}
        />
        <Checkbox
          label={t("notify")}
          checked={notify}
          onChange={(event) => void wantNotification(event.target.checked)}
        />
      </div>
      {missing ? (
        <p role="alert" className="text-ink-2 text-xs">
          {t(missing === "denied" ? "notifyDenied" : "notifyNone")}
        </p>
      ) : null}
    </fieldset>
  );
}
