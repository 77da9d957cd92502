// CSV (RFC 4180) that is safe to open in a spreadsheet.

/** Spreadsheets run text that begins like this as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** A field in quotes. An apostrophe makes a spreadsheet take it as text. */
function field({ text, isNumber }) {
	const safe = FORMULA.test(text) && !isNumber ? `'${text}` : text;
	return `"${safe.replaceAll('"', '""')}"`;
}

/** Writes rows of cells, `{ text, isNumber }`. */
export const csv = (rows) => rows.map((cells) => `${cells.map(field).join(",")}\r\n`).join("");
