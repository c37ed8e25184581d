"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Suggest } from "@/components/ui/suggest";

interface NamesFieldProps {
  label: string;
  names: readonly string[];
  /** What there is; anything else may be typed as well. */
  known: readonly string[];
  /** How a name is said. */
  say?: (name: string) => string;
  error: string | undefined;
  onChange: (names: string[]) => void;
}

const NAME_MAX_LENGTH = 200;

/** A list of names. What is typed is taken with Enter, with the button, or when the field is left. */
export function NamesField({ label, names, known, say = (name) => name, error, onChange }: NamesFieldProps) {
  const t = useTranslations("settings.edit.conditions");
  const [text, setText] = useState("");

  function add() {
    const name = text.trim();
    setText("");
    if (name !== "" && !names.includes(name)) onChange([...names, name]);
  }

  return (
    <div className="flex flex-col gap-2">
      {names.length > 0 ? (
        <ul className="flex flex-wrap gap-1.5">
          {names.map((name) => (
            <li key={name}>
              <Button
                variant="quiet"
                size="sm"
                aria-label={t("removeName", { name: say(name) })}
                onClick={() => onChange(names.filter((each) => each !== name))}
                className="bg-sunken pr-2 text-ink pointer-coarse:h-11"
              >
                {say(name)}
                <X aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only listens to what its field lets through. */}
      <div
        className="flex items-end gap-2"
        onKeyDown={(event) => {
          if (event.key === "Enter") add();
        }}
      >
        <Field label={label} hint={t("namesHint")} error={error} className="w-56">
          <Suggest
            value={text}
            onChange={setText}
            onBlur={add}
            items={known.filter((name) => !names.includes(name))}
            maxLength={NAME_MAX_LENGTH}
          />
        </Field>
        <Button size="icon" aria-label={t("addName")} onClick={add} className="mb-7">
          <Plus aria-hidden />
        </Button>
      </div>
    </div>
  );
}
