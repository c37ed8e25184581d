import { z } from "zod";

/** NIST SP 800-63B: length counts, composition rules don't; long pass phrases are welcome. */
export const PASSWORD_MIN_LENGTH = 10;
export const PASSWORD_MAX_LENGTH = 200;

export const changePasswordSchema = z
  .object({
    current: z.string().min(1, "Type the password that you signed in with."),
    password: z
      .string()
      .min(PASSWORD_MIN_LENGTH, `Use at least ${PASSWORD_MIN_LENGTH} characters.`)
      .max(PASSWORD_MAX_LENGTH, `Use at most ${PASSWORD_MAX_LENGTH} characters.`),
    repeat: z.string(),
  })
  .refine((form) => form.password === form.repeat, {
    path: ["repeat"],
    message: "This is not the same as above. Type it again.",
  })
  .refine((form) => form.password !== form.current, {
    path: ["password"],
    message: "Choose a password that is not the current one.",
  });
