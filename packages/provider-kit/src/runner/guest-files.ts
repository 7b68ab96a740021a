/** Where the programs of `guest/` lie: beside `src` and `dist` in the package. `./` names the folder itself. */
export function guestFileUrl(name: string): URL {
  return new URL(`../../guest/${name}`, import.meta.url);
}
