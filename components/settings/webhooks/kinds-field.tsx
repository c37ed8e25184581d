"use client";

import { useTranslations } from "next-intl";
import { Checkbox } from "@/components/ui/checkbox";
import { FieldGroup } from "@/components/ui/field";
import { type ChosenKind, GROUPS, KINDS, type KindGroup } from "@/lib/webhooks/kinds";

interface KindsFieldProps {
  value: readonly ChosenKind[];
  error: string | undefined;
  onChange: (value: ChosenKind[]) => void;
}

/** What an endpoint is told of: all of a sort, also what a later version adds to it, or single events. */
export function KindsField({ value, error, onChange }: KindsFieldProps) {
  const t = useTranslations("webhooks");
  return (
    <FieldGroup label={t("add.kinds")} error={error}>
      <ul className="flex flex-col divide-y divide-line border-line border-y">
        {GROUPS.map((group) => (
          <Group key={group} group={group} value={value} onChange={onChange} />
        ))}
      </ul>
    </FieldGroup>
  );
}

type GroupProps = Pick<KindsFieldProps, "value" | "onChange"> & { group: KindGroup };

function Group({ group, value, onChange }: GroupProps) {
  const t = useTranslations("webhooks");
  const all = `${group}.*` as const;
  const kinds: readonly ChosenKind[] = KINDS[group];
  const isAll = value.includes(all);
  const others = value.filter((kind) => kind !== all && !kinds.includes(kind));
  const single = value.filter((kind) => kinds.includes(kind));

  function toggle(kind: ChosenKind, chosen: boolean) {
    onChange([...others, ...(chosen ? [...single, kind] : single.filter((each) => each !== kind))]);
  }

  return (
    <li className="flex flex-col gap-1 py-1.5">
      <Checkbox
        label={t(`everything.${group}`)}
        checked={isAll}
        onChange={(event) => onChange(event.target.checked ? [...others, all] : others)}
      />
      {isAll ? null : (
        <details className="ml-6">
          <summary className="w-fit cursor-pointer py-1 text-ink-2 text-sm pointer-coarse:py-3">
            {t("single", { chosen: single.length })}
          </summary>
          <div className="grid gap-x-4 sm:grid-cols-2">
            {kinds.map((kind) => (
              <Checkbox
                key={kind}
                label={<span className="font-mono text-xs">{kind}</span>}
                checked={single.includes(kind)}
                onChange={(event) => toggle(kind, event.target.checked)}
              />
            ))}
          </div>
        </details>
      )}
    </li>
  );
}
