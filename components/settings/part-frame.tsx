"use client";

import { ArrowDown, ArrowUp, Trash2, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormContext, useFormState, useWatch } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { useFault } from "./fault";
import type { PolicyDraft } from "./policy-draft";
import { capital } from "./policy-words";

export type PartList = "limits" | "rules" | "values";

interface PartFrameProps {
  list: PartList;
  index: number;
  count: number;
  /** Moves the part by so many places. */
  onMove: (by: 1 | -1) => void;
  /** Called when an id was typed, so that it is no longer suggested. */
  onName?: (id: string) => void;
  children: ReactNode;
}

/** One limit, rule or value: its id, its place in the order, and the way out and back in. */
export function PartFrame({ list, index, count, onMove, onName, children }: PartFrameProps) {
  const path = `${list}.${index}` as const;
  const known = useWatch<PolicyDraft, `${PartList}.${number}.known`>({ name: `${path}.known` });
  const removed = useWatch<PolicyDraft, `${PartList}.${number}.removed`>({ name: `${path}.removed` });
  const id = useWatch<PolicyDraft, `${PartList}.${number}.id`>({ name: `${path}.id` });
  const t = useTranslations("settings.edit");
  const name = id || t(`unnamed.${list}`);
  if (removed) return <RemovedPart path={path} known={known} name={name} />;
  return (
    <li className="flex flex-col gap-4 py-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h3 className={known ? "font-mono text-ink-2 text-sm" : "font-medium text-sm"}>
          {known ? id : capital(t(`unnamed.${list}`))}
        </h3>
        <div className="flex items-center gap-1">
          <Button
            variant="quiet"
            size="icon"
            disabled={index === 0}
            aria-label={t("up", { name })}
            onClick={() => onMove(-1)}
            data-move="up"
          >
            <ArrowUp aria-hidden />
          </Button>
          <Button
            variant="quiet"
            size="icon"
            disabled={index === count - 1}
            aria-label={t("down", { name })}
            onClick={() => onMove(1)}
            data-move="down"
          >
            <ArrowDown aria-hidden />
          </Button>
          <RemoveButton path={path} name={name} />
        </div>
      </div>
      {children}
      {known ? null : <IdField path={path} onName={onName} />}
    </li>
  );
}

type PartPath = `${PartList}.${number}`;

function RemoveButton({ path, name }: { path: PartPath; name: string }) {
  const t = useTranslations("settings.edit");
  const { setValue } = useFormContext<PolicyDraft>();
  return (
    <Button
      variant="quiet"
      size="sm"
      aria-label={t("remove", { name })}
      onClick={() => {
        setValue(`${path}.removed`, true, { shouldDirty: true });
        // What was pressed is gone; the way back stands in its place.
        requestAnimationFrame(() => document.getElementById(undoId(path))?.focus());
      }}
      className="pointer-coarse:h-11"
    >
      <Trash2 aria-hidden />
      {t("removeShort")}
    </Button>
  );
}

function undoId(path: string): string {
  return `undo-${path.replace(".", "-")}`;
}

function RemovedPart({ path, known, name }: { path: PartPath; known: boolean; name: string }) {
  const t = useTranslations("settings.edit");
  const { setValue } = useFormContext<PolicyDraft>();
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3 text-ink-2">
      <p>
        {known
          ? t.rich("removed", { name: () => <span className="font-mono text-ink">{name}</span> })
          : t("removedAlready")}
      </p>
      <Button
        id={undoId(path)}
        size="sm"
        onClick={() => setValue(`${path}.removed`, false, { shouldDirty: true })}
        className="pointer-coarse:h-11"
      >
        <Undo2 aria-hidden />
        {t("undo")}
      </Button>
    </li>
  );
}

function IdField({ path, onName }: { path: PartPath; onName: ((id: string) => void) | undefined }) {
  const t = useTranslations("settings.edit");
  const { register, setValue } = useFormContext<PolicyDraft>();
  const { isSubmitted } = useFormState<PolicyDraft>();
  const field = register(`${path}.id`, {
    onChange: (event: { target: { value: string } }) => {
      setValue(`${path}.named`, true, { shouldValidate: isSubmitted });
      onName?.(event.target.value);
    },
  });
  return (
    <Field label={t("id")} hint={t("idHint")} error={useFault(`${path}.id`)} className="w-full sm:w-80">
      <Input
        {...field}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={60}
        className="font-mono"
      />
    </Field>
  );
}
