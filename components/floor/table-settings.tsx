"use client";

import { Columns3 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Popover } from "@/components/ui/popover";
import { Select } from "@/components/ui/select";
import { COLUMNS, type Column, columnsText, SORTS, type Sort } from "@/lib/floor/schema";
import type { FilterChange } from "./use-filters";

interface TableSettingsProps {
  columns: readonly Column[];
  sort: Sort;
  set: (change: FilterChange) => void;
}

/** In what order the list stands, and what it shows of each action. */
export function TableSettings({ columns, sort, set }: TableSettingsProps) {
  const t = useTranslations("floor.list");
  // What was ticked holds at once, also before the page has come anew.
  const [chosen, setChosen] = useState({ of: columns, columns });
  if (chosen.of !== columns) setChosen({ of: columns, columns });

  function toggle(column: Column) {
    const next = COLUMNS.filter((each) => chosen.columns.includes(each) !== (each === column));
    setChosen({ of: columns, columns: next });
    set({ columns: columnsText(next) });
  }

  return (
    <Popover
      title={t("settings")}
      trigger={
        <Button size="sm" className="pointer-coarse:h-11">
          <Columns3 aria-hidden />
          {t("columns")}
        </Button>
      }
    >
      <Field label={t("orderBy")} className="w-64">
        <Select
          value={sort}
          onChange={({ target }) => set({ sort: target.value === SORTS[0] ? null : target.value })}
        >
          {SORTS.map((each) => (
            <option key={each} value={each}>
              {t(`sort.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
      <fieldset className="grid grid-cols-2 gap-x-4">
        <legend className="mb-1 font-medium">{t("columns")}</legend>
        {COLUMNS.filter((column) => column !== "time").map((column) => (
          <Checkbox
            key={column}
            label={t(column)}
            checked={chosen.columns.includes(column)}
            onChange={() => toggle(column)}
          />
        ))}
      </fieldset>
    </Popover>
  );
}
