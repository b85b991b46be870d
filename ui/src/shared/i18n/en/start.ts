// Words of the first run and of signing in.
export const start = {
  email: "E-mail address",
  password: "Password",
  signIn: { title: "Sign in", action: "Sign in" },
} as const;
