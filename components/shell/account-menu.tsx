"use client";

import { KeyRound, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTheme } from "next-themes";
import { useState } from "react";
import { toast } from "sonner";
import { signOut } from "@/components/auth/requests";
import { Menu, MenuChoice, MenuItem, MenuLine, MenuLink } from "@/components/ui/menu";
import type { Role } from "@/lib/discretion/schema";

interface AccountMenuProps {
  name: string;
  role: Role;
  organization: string;
}

type Theme = "system" | "light" | "dark";

export function AccountMenu({ name, role, organization }: AccountMenuProps) {
  const t = useTranslations("common");
  const { theme, setTheme } = useTheme();
  const [leaving, setLeaving] = useState(false);

  async function leave() {
    setLeaving(true);
    if (await signOut()) {
      // A whole new page: nothing of this person's stays in memory for the next one.
      window.location.assign("/sign-in");
      return;
    }
    setLeaving(false);
    toast(t("account.signOutFailed"));
  }

  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t("account.open", { name })}
          className="flex h-8 min-w-8 items-center gap-2 rounded-md px-1 text-ink-2 text-sm transition-colors hover:bg-sunken hover:text-ink lg:pr-2.5 pointer-coarse:h-11 pointer-coarse:min-w-11 pointer-coarse:justify-center"
        >
          <span
            aria-hidden
            className="flex size-6 items-center justify-center rounded-full bg-accent-soft font-medium text-accent-text text-xs"
          >
            {initials(name)}
          </span>
          <span className="hidden max-w-40 truncate lg:inline">{name}</span>
        </button>
      }
    >
      <div className="px-2 py-2">
        <p className="truncate font-medium text-sm">{name}</p>
        <p className="truncate text-ink-3 text-xs">
          {t(`role.${role}`)} · {organization}
        </p>
      </div>
      <MenuLine />
      <MenuChoice<Theme>
        label={t("account.theme")}
        value={(theme as Theme | undefined) ?? "system"}
        onChange={setTheme}
        options={[
          { value: "system", label: t("account.system"), icon: <Monitor aria-hidden /> },
          { value: "light", label: t("account.light"), icon: <Sun aria-hidden /> },
          { value: "dark", label: t("account.dark"), icon: <Moon aria-hidden /> },
        ]}
      />
      <MenuLine />
      <MenuLink href="/password">
        <KeyRound aria-hidden />
        {t("account.password")}
      </MenuLink>
      <MenuItem disabled={leaving} onClick={leave}>
        <LogOut aria-hidden />
        {t("account.signOut")}
      </MenuItem>
    </Menu>
  );
}

/** First letters of the first and the last name, by character and not by code unit. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? "")][0] ?? "",
  );
  return letters.join("").toUpperCase();
}
