"use client";

import { ArrowDown, ArrowUp, Trash2, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef } from "react";
import { useFormContext, useFormState, useWatch } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { capital } from "../policy-words";
import { useFault } from "./fault";
import type { PartList, PolicyDraft } from "./policy-draft";

/** Where a part stands among those that are shown. */
export interface PartPlace {
  /** In the draft. */
  index: number;
  position: number;
  count: number;
  /** Moves the part by so many places. */
  onMove: (by: 1 | -1) => void;
}

interface PartFrameProps extends PartPlace {
  list: Exclude<PartList, "examples">;
  /** Called when an id was typed, with what it was before. */
  onName?: (before: string, id: string) => void;
  children: ReactNode;
}

/** One limit, rule or value: its id, its place in the order, and the way out and back in. */
export function PartFrame({ list, index, position, count, onMove, onName, children }: PartFrameProps) {
  const path = `${list}.${index}` as const;
  const known = useWatch<PolicyDraft, `${PartList}.${number}.known`>({ name: `${path}.known` });
  const { removed, name, id } = usePart(path, list);
  const t = useTranslations("settings.edit");
  if (removed) return <RemovedPart path={path} list={list} />;
  return (
    <li data-part={path} className="flex scroll-mt-20 flex-col gap-4 py-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h3 tabIndex={-1} className={known ? "font-mono text-ink-2 text-sm" : "font-medium text-sm"}>
          {known ? id : capital(name)}
        </h3>
        <div className="flex items-center gap-1">
          <Button
            variant="quiet"
            size="icon"
            disabled={position === 0}
            aria-label={t("up", { name })}
            onClick={() => onMove(-1)}
            data-move="up"
          >
            <ArrowUp aria-hidden />
          </Button>
          <Button
            variant="quiet"
            size="icon"
            disabled={position === count - 1}
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
      {known ? null : <IdField path={path} hint={t("idHint")} onName={onName} />}
    </li>
  );
}

export type PartPath = `${PartList}.${number}`;

/** What a part is called, and whether it is still there. */
export function usePart(path: PartPath, list: PartList) {
  const t = useTranslations("settings.edit.unnamed");
  const removed = useWatch<PolicyDraft, `${PartList}.${number}.removed`>({ name: `${path}.removed` });
  const id = useWatch<PolicyDraft, `${PartList}.${number}.id`>({ name: `${path}.id` });
  return { removed, id, name: id || t(list) };
}

export function RemoveButton({ path, name }: { path: PartPath; name: string }) {
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

/** Stands in the place of what was taken out, with the way back. */
export function RemovedPart({ path, list }: { path: PartPath; list: PartList }) {
  const t = useTranslations("settings.edit");
  const { setValue } = useFormContext<PolicyDraft>();
  const named = useWatch<PolicyDraft, `${PartList}.${number}.named`>({ name: `${path}.named` });
  const { name } = usePart(path, list);
  return (
    <li data-part={path} className="flex flex-wrap items-center justify-between gap-3 py-3 text-ink-2">
      <p>
        {named
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

interface IdFieldProps {
  path: PartPath;
  hint: string;
  onName?: ((before: string, id: string) => void) | undefined;
}

export function IdField({ path, hint, onName }: IdFieldProps) {
  const t = useTranslations("settings.edit");
  const { register, setValue } = useFormContext<PolicyDraft>();
  const { isSubmitted } = useFormState<PolicyDraft>();
  /** The id by which what speaks of it knows it. */
  const before = useRef("");
  const field = register(`${path}.id`, {
    onChange: (event: { target: { value: string } }) => {
      const { value } = event.target;
      setValue(`${path}.named`, true, { shouldValidate: isSubmitted });
      // Whoever empties the field is about to type another one.
      if (value === "") return;
      const old = before.current;
      before.current = value;
      // Once the form knows the new id itself.
      queueMicrotask(() => onName?.(old, value));
    },
  });
  return (
    <Field label={t("id")} hint={hint} error={useFault(`${path}.id`)} className="w-full sm:w-80">
      <Input
        {...field}
        onFocus={(event) => {
          before.current = event.target.value;
        }}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={60}
        className="font-mono"
      />
    </Field>
  );
}
