// JSON as text: where it is wrong, and how it is laid out. Numbers are kept as they are written, since a large id read
// as a double is another id.

const TOKEN = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y;
const BLANK = /[ \t\r\n]*/y;

/** The tokens of a text, each with its place, up to the first thing that is none. */
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

const WANTED = {
	value: "a value",
	"value or ]": "a value or ]",
	name: "a name in double quotes",
	"name or }": "a name in double quotes or }",
	colon: "a colon",
	",}": "a comma or }",
	",]": "a comma or ]",
	end: "nothing more",
};

/** What is wrong with a text: `null`, or `{ message, line, column }`. The message quotes nothing but doubled names. */
export function fault(text) {
	const open = [];
	let wanted = "value";
	const after = () => (open.length === 0 ? "end" : open.at(-1).names ? ",}" : ",]");
	const walk = tokens(text);
	for (;;) {
		const { value, done } = walk.next();
		if (done) {
			if (value < text.length) return placed(text, value, unreadable(text[value], wanted));
			return wanted === "end" ? null : placed(text, value, `it ends too early: ${WANTED[wanted]} is missing`);
		}
		const { at, token } = value;
		const kind = token[0];
		const isValue = !"}],:".includes(kind);
		if (wanted.startsWith("value") && isValue) {
			if (kind === "{") open.push({ names: new Set() });
			if (kind === "[") open.push({});
			wanted = kind === "{" ? "name or }" : kind === "[" ? "value or ]" : after();
		} else if (wanted.startsWith("name") && kind === '"') {
			const { names } = open.at(-1);
			if (names.has(token)) return placed(text, at, `the name ${token} stands twice`);
			names.add(token);
			wanted = "colon";
		} else if (wanted === "colon" && kind === ":") {
			wanted = "value";
		} else if (wanted[0] === "," && kind === ",") {
			wanted = open.at(-1).names ? "name" : "value";
		} else if (wanted.at(-1) === kind && "}]".includes(kind)) {
			open.pop();
			wanted = after();
		} else {
			return placed(text, at, `expected ${WANTED[wanted]}`);
		}
	}
}

function unreadable(character, wanted) {
	if (character === "'") return "texts and names stand in double quotes";
	if (character === '"') return "this text has no end, or a character in it that must be written as an escape";
	return `expected ${WANTED[wanted]}`;
}

function placed(text, at, message) {
	const before = text.slice(0, at).split("\n");
	return { message, line: before.length, column: before.at(-1).length + 1 };
}

const isRaw = JSON.isRawJSON ?? (() => false);

/** Reads a text, its numbers as they are written (where the browser can). */
export function parse(text) {
	return JSON.parse(text, (_, value, context) =>
		typeof value === "number" && context?.source && JSON.rawJSON ? JSON.rawJSON(context.source) : value,
	);
}

export const isObject = (value) =>
	typeof value === "object" && value !== null && !Array.isArray(value) && !isRaw(value);

export const write = (value) => JSON.stringify(value, null, 2);

/** Lays out a text, token by token: `[text, kind]`. What is not JSON, a part that was cut off say, stays as it is. */
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
