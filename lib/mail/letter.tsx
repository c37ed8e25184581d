import {
  Body,
  Button,
  Container,
  Head,
  Heading,
  Hr,
  Html,
  Link,
  Preview,
  Text,
} from "@react-email/components";
import { render, toPlainText } from "@react-email/render";

/** What a mail says, before it is anybody's HTML. */
export interface LetterWords {
  /** What a mailbox shows of it beside the subject. */
  preview: string;
  title: string | null;
  paragraphs: string[];
  action: { label: string; href: string } | null;
  footer: string;
  links: { label: string; href: string }[];
}

// Mail programs know little of style sheets, so each part carries its own; dark ones turn these colours by themselves.
const SANS = "'Geist', 'Helvetica Neue', Helvetica, Arial, sans-serif";
const body = { margin: "0", padding: "24px 12px", backgroundColor: "#f6f7f7", fontFamily: SANS };
const sheet = {
  maxWidth: "520px",
  margin: "0 auto",
  padding: "28px 32px",
  backgroundColor: "#ffffff",
  borderRadius: "8px",
};
const title = { margin: "0 0 12px", fontSize: "20px", lineHeight: "28px", color: "#1c2122" };
const text = {
  margin: "0 0 12px",
  fontSize: "15px",
  lineHeight: "23px",
  color: "#1c2122",
  whiteSpace: "pre-line" as const,
};
const button = {
  display: "inline-block",
  margin: "8px 0 4px",
  padding: "11px 18px",
  borderRadius: "8px",
  backgroundColor: "#0f5f5c",
  color: "#ffffff",
  fontSize: "15px",
  fontWeight: 500,
};
const rule = { margin: "24px 0 16px", borderColor: "#dfe3e3" };
const small = { margin: "0 0 4px", fontSize: "12px", lineHeight: "18px", color: "#5a6466" };

function Letter({ words }: { words: LetterWords }) {
  return (
    <Html lang="en">
      <Head />
      <Preview>{words.preview}</Preview>
      <Body style={body}>
        <Container style={sheet}>
          {words.title === null ? null : (
            <Heading as="h1" style={title}>
              {words.title}
            </Heading>
          )}
          {words.paragraphs.map((paragraph, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two may say the same, and they stay in order
            <Text key={index} style={text}>
              {paragraph}
            </Text>
          ))}
          {words.action ? (
            <Button href={words.action.href} style={button}>
              {words.action.label}
            </Button>
          ) : null}
          <Hr style={rule} />
          <Text style={small}>{words.footer}</Text>
          {words.links.map(({ label, href }) => (
            <Text key={href} style={small}>
              <Link href={href} style={{ color: "#0f5f5c" }}>
                {label}
              </Link>
            </Text>
          ))}
        </Container>
      </Body>
    </Html>
  );
}

/** A mail's two bodies: for who sees pages, and for who reads plain text. */
export async function writeLetter(words: LetterWords): Promise<{ html: string; text: string }> {
  const html = await render(<Letter words={words} />);
  return { html, text: toPlainText(html) };
}
