// CSV (RFC 4180) that is safe to open in a spreadsheet.

/** Spreadsheets run text that begins like this as a formula. Some also accept the full-width characters. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** Excel takes a file without this mark as text in the encoding of the machine. */
const BYTE_ORDER_MARK = "\ufeff";

/** A field in quotes. An apostrophe makes a spreadsheet take it as text. */
function field({ text, isNumber }) {
	const safe = FORMULA.test(text) && !isNumber ? `'${text}` : text;
	return `"${safe.replaceAll('"', '""')}"`;
}

/** Writes rows of cells, `{ text, isNumber }`. */
export const csv = (rows) => BYTE_ORDER_MARK + rows.map((cells) => `${cells.map(field).join(",")}\r\n`).join("");
