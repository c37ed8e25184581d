"use client";

import { useTranslations } from "next-intl";
import type { Place } from "@/components/shell/nav";
import { setSingleKeys, useSingleKeys } from "@/components/shell/single-keys";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";

interface ShortcutListProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  places: readonly Place[];
}

/** Every key that does something, and the switch that turns off those that are pressed by themselves. */
export function ShortcutList({ open, onOpenChange, places }: ShortcutListProps) {
  const t = useTranslations("palette.shortcuts");
  const close = useTranslations("common")("close");
  const on = useSingleKeys();
  const command = t("command");
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("title")}
      description={on ? t("text") : t("off")}
      closeLabel={close}
    >
      <Checkbox
        label={t("switch")}
        checked={on}
        onChange={(event) => setSingleKeys(event.currentTarget.checked)}
      />
      <Keys
        title={t("anywhere")}
        keys={[
          [[command, "K"], t("palette")],
          ...(places.includes("desk") ? ([[["C"], t("startCase")]] satisfies Line[]) : []),
          [["?"], t("list")],
        ]}
      />
      {places.includes("desk") ? (
        <Keys
          title={t("desk")}
          keys={[
            [["/"], t("search")],
            [[command, t("enter")], t("review")],
            [["Z"], t("undo")],
          ]}
        />
      ) : null}
      {places.includes("floor") ? (
        <Keys
          title={t("floor")}
          keys={[
            [["J", "K"], t("move")],
            [[t("enter")], t("openRow")],
          ]}
        />
      ) : null}
    </Dialog>
  );
}

type Line = [keys: string[], what: string];

function Keys({ title, keys }: { title: string; keys: Line[] }) {
  return (
    <section className="flex flex-col gap-1">
      <h3 className="text-ink-3 text-xs">{title}</h3>
      <dl className="flex flex-col divide-y divide-line border-line border-y">
        {keys.map(([pressed, what]) => (
          <div key={what} className="flex items-center justify-between gap-4 py-1.5">
            <dt>{what}</dt>
            <dd className="flex gap-1">
              {pressed.map((key) => (
                <kbd
                  key={key}
                  className="inline-flex h-6 min-w-6 items-center justify-center rounded-inner border border-line bg-page px-1.5 font-sans text-ink-2 text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
