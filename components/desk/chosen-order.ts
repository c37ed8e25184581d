"use client";

import { parseAsString, useQueryState } from "nuqs";

/** The order that was picked up, kept in the address so that a found order's number leads right to it. */
export function useChosenOrder(): [string | null, (id: string | null) => void] {
  const [chosen, setChosen] = useQueryState("order", parseAsString);
  return [chosen, (id) => void setChosen(id)];
}
