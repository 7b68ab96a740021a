/** Which cases of the contract `--cases` names: their ids or beginnings, with commas between them; `all`, or nothing. */
export function parseCases(text: string | undefined): 'all' | readonly string[] | undefined {
  return text === undefined || text === 'all' ? text : text.split(',').map((id) => id.trim());
}
