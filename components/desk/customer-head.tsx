import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { CustomerProfile } from "@/lib/customers/types";

/** Who it is for. */
export function CustomerHead({ customer }: { customer: CustomerProfile }) {
  const t = useTranslations("desk.customer");
  return (
    <header className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <h1 dir="auto" className="min-w-0 break-words font-semibold text-lg">
          {customer.name}
        </h1>
        {customer.tier ? <Badge>{customer.tier}</Badge> : null}
        {customer.kind === "internal" ? <Badge>{t("internal")}</Badge> : null}
        {customer.since ? (
          <span className="text-ink-3 text-sm">{t("since", { year: customer.since.slice(0, 4) })}</span>
        ) : null}
      </div>
      <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-ink-2 text-sm">
        <Contact label={t("email")} value={customer.email} />
        <Contact label={t("phone")} value={customer.phone} />
        <Contact label={t("reference")} value={customer.externalRef} mono />
      </dl>
      {!customer.email && !customer.phone ? <p className="text-ink-3">{t("noContact")}</p> : null}
    </header>
  );
}

function Contact({ label, value, mono }: { label: string; value: string | null; mono?: boolean }) {
  if (!value) return null;
  return (
    <div className="min-w-0">
      <dt className="sr-only">{label}</dt>
      <dd className={mono ? "break-all font-mono text-xs leading-5" : "break-all"}>{value}</dd>
    </div>
  );
}
