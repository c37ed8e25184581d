import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { returnPath } from "@/components/auth/return-path";
import { SignInPage } from "@/components/auth/sign-in-page";
import { currentActor } from "@/lib/auth/actor";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth.signIn"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/sign-in">) {
  const { to, callbackUrl } = await searchParams;
  const path = returnPath(to ?? callbackUrl);
  if (await currentActor()) redirect(path);
  return <SignInPage to={path} />;
}
