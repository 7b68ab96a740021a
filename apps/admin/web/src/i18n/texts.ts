/** The same texts in another language: every key, and no other. */
export type TextsLike<Texts> = { readonly [Key in keyof Texts]: Texts[Key] extends string ? string : TextsLike<Texts[Key]> };
