// The same call as commands for a POSIX shell. Secrets come from variables; whatever is in them arrives unharmed.

import { Variable } from "./secrets.js";

/** Unlike any text of a request. */
const MARK = `variable-${Math.random().toString(36).slice(2)}-`;

/** Writes a variable's value as the inside of a JSON text. */
const JSON_TEXT = String.raw`json() { printf %s "$1" | awk '{ gsub(/[\\"]/, "\\\\&"); gsub(/\t/, "\\t"); gsub(/\r/, "\\r"); printf "%s%s", (NR > 1 ? "\\n" : ""), $0 }'; }`;

/** A word as the shell reads it. */
export const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** Calls the server. */
export function curl({ method, url }, body, asksForToken) {
	const parts = [`curl -sS ${quoted(url)}`];
	if (asksForToken) parts.push('-H "Authorization: Bearer ${CONNECTOR_TOKEN:?}"');
	if (method === "GET") return { text: parts.join(" \\\n  "), variables: asksForToken ? ["CONNECTOR_TOKEN"] : [] };
	parts.push("-H 'Content-Type: application/json'", "--data-binary @-");
	const made = fed(parts.join(" \\\n  "), body);
	if (asksForToken) made.variables.unshift("CONNECTOR_TOKEN");
	return made;
}

/** Calls the connector's program. */
export function commandLine(program, wire, { method, name }, body) {
	const command = [program, name.replaceAll("_", "-"), "--wire", wire, "--pretty"].map(quoted).join(" ");
	return method === "GET" ? { text: command, variables: [] } : fed(`${command} --json-file -`, body);
}

/** A command that gets a body from a here-document, in which the shell replaces variables. */
function fed(command, body) {
	const variables = [];
	const json = JSON.stringify(body, (_, value) => {
		if (!(value instanceof Variable)) return value;
		variables.push(value);
		return `${MARK}${variables.length - 1}-`;
	}, 2);
	const escaped = json.replace(/[\\$`]/g, "\\$&");
	const text = escaped.replace(new RegExp(`"${MARK}(\\d+)-"`, "g"), (_, index) => {
		const { name, isText } = variables[Number(index)];
		return isText ? `"$(json "\${${name}:?}")"` : `\${${name}:?}`;
	});
	const helper = variables.some(({ isText }) => isText) ? `${JSON_TEXT}\n` : "";
	return { text: `${helper}${command} <<JSON\n${text}\nJSON\n`, variables: [...new Set(variables.map(({ name }) => name))] };
}
