// JSON as text: finds errors and formats it. Numbers are kept as written, because a large ID changes when it is parsed
// as a double.

const TOKEN = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y;
const BLANK = /[ \t\r\n]*/y;

/** The tokens of a text with their positions, up to the first invalid one. */
export function* tokens(text) {
	for (let at = 0; ; ) {
		BLANK.lastIndex = at;
		BLANK.exec(text);
		TOKEN.lastIndex = BLANK.lastIndex;
		const found = TOKEN.exec(text);
		if (!found) return BLANK.lastIndex;
		at = TOKEN.lastIndex;
		yield { at: found.index, token: found[0] };
	}
}

const EXPECTED = {
	value: "a value",
	"value or ]": "a value or ]",
	name: "a name in double quotes",
	"name or }": "a name in double quotes or }",
	colon: "a colon",
	",}": "a comma or }",
	",]": "a comma or ]",
	end: "the end",
};

/** The first error in a text as `{ message, line, column }`, or `null`. The message quotes only duplicate names. */
export function fault(text) {
	const open = [];
	let expected = "value";
	const after = () => (open.length === 0 ? "end" : open.at(-1).names ? ",}" : ",]");
	const walk = tokens(text);
	for (;;) {
		const { value, done } = walk.next();
		if (done) {
			if (value < text.length) return placed(text, value, unreadable(text[value], expected));
			return expected === "end" ? null : placed(text, value, `unexpected end, expected ${EXPECTED[expected]}`);
		}
		const { at, token } = value;
		const kind = token[0];
		const isValue = !"}],:".includes(kind);
		if (expected.startsWith("value") && isValue) {
			if (kind === "{") open.push({ names: new Set() });
			if (kind === "[") open.push({});
			expected = kind === "{" ? "name or }" : kind === "[" ? "value or ]" : after();
		} else if (expected.startsWith("name") && kind === '"') {
			const { names } = open.at(-1);
			if (names.has(token)) return placed(text, at, `duplicate name ${token}`);
			names.add(token);
			expected = "colon";
		} else if (expected === "colon" && kind === ":") {
			expected = "value";
		} else if (expected[0] === "," && kind === ",") {
			expected = open.at(-1).names ? "name" : "value";
		} else if (expected.at(-1) === kind && "}]".includes(kind)) {
			open.pop();
			expected = after();
		} else {
			return placed(text, at, `expected ${EXPECTED[expected]}`);
		}
	}
}

function unreadable(character, expected) {
	if (character === "'") return "use double quotes for strings and names";
	if (character === '"') return "this string has no end, or contains a character that must be escaped";
	return `expected ${EXPECTED[expected]}`;
}

function placed(text, at, message) {
	const before = text.slice(0, at).split("\n");
	return { message, line: before.length, column: before.at(-1).length + 1 };
}

const isRaw = JSON.isRawJSON ?? (() => false);

/** Parses a text. Numbers are kept as written, if the browser supports that. */
export function parse(text) {
	return JSON.parse(text, (_, value, context) =>
		typeof value === "number" && context?.source && JSON.rawJSON ? JSON.rawJSON(context.source) : value,
	);
}

export const isObject = (value) =>
	typeof value === "object" && value !== null && !Array.isArray(value) && !isRaw(value);

export const write = (value) => JSON.stringify(value, null, 2);

/** Formats a text token by token, as `[text, kind]`. Anything that isn't JSON, such as a truncated part, is kept as it is. */
export function* layout(text) {
	const walk = [...tokens(text)];
	let depth = 0;
	let before = "";
	for (const [index, { token }] of walk.entries()) {
		const opened = before === "{" || before === "[";
		const closes = token === "}" || token === "]";
		if (closes) depth -= 1;
		if (before === ":") yield [" ", ""];
		if (before === "," || opened !== closes) yield [`\n${"  ".repeat(depth)}`, ""];
		const isName = walk[index + 1]?.token === ":";
		yield [token, token[0] === '"' ? (isName ? "name" : "text") : /[-\dtfn]/.test(token[0]) ? "word" : ""];
		if (token === "{" || token === "[") depth += 1;
		before = token;
	}
	const last = walk.at(-1);
	yield [text.slice(last ? last.at + last.token.length : 0), ""];
}
