// Who walks through the journeys, and the ways in: the first run, and signing in.

export const OLGA = {
  name: "Olga Brandt",
  email: "olga@halden.example",
  password: "Olga likes 17 quiet teapots",
};
export const BEN = {
  name: "Ben Aroyo",
  email: "ben@halden.example",
  password: "Ben likes 23 quiet teapots",
};

/** Makes the owner account in the first step of the first run, by keyboard. */
export async function becomesOwner(person, { name, email, password }) {
  await person.sees(person.heading("Welcome to Chimera"));
  await person.sees(person.page.getByLabel("Name", { exact: true }));
  await person.writes(name);
  await person.presses("Tab");
  await person.writes(email);
  await person.presses("Tab");
  await person.writes(password);
  await person.presses("Enter");
  await person.sees(`${name}, ${email}`);
}

export async function signsIn(person, { email, password }) {
  await person.sees(person.heading("Sign in"));
  await person.sees(person.page.getByLabel("E-mail address", { exact: true }));
  await person.writes(email);
  await person.presses("Tab");
  await person.writes(password);
  await person.presses("Enter");
  await person.sees(person.page.getByRole("navigation", { name: "Rooms" }));
}
