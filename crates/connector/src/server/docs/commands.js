// The same call as commands for a POSIX shell. Secrets come from variables and are passed on unchanged.

import { Variable } from "./secrets.js";

/** Occurs in no request. */
const MARK = `variable-${Math.random().toString(36).slice(2)}-`;

/** A shell function that encodes the value of a variable as the inside of a JSON string. */
const JSON_TEXT = String.raw`json() { printf %s "$1" | awk '{ gsub(/[\\"]/, "\\\\&"); gsub(/\t/, "\\t"); gsub(/\r/, "\\r"); printf "%s%s", (NR > 1 ? "\\n" : ""), $0 }'; }`;

/** Quotes a word for the shell. */
export const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** A curl command that calls the server. */
export function curl({ method, url }, body, requiresToken) {
	const parts = [`curl -sS ${quoted(url)}`];
	if (requiresToken) parts.push('-H "Authorization: Bearer ${CONNECTOR_TOKEN:?}"');
	if (method === "GET") return { text: parts.join(" \\\n  "), variables: requiresToken ? ["CONNECTOR_TOKEN"] : [] };
	parts.push("-H 'Content-Type: application/json'", "--data-binary @-");
	const command = withInput(parts.join(" \\\n  "), body);
	if (requiresToken) command.variables.unshift("CONNECTOR_TOKEN");
	return command;
}

/** A command that runs the connector's program. */
export function commandLine(program, wire, { method, name }, body) {
	const command = [program, name.replaceAll("_", "-"), "--wire", wire, "--pretty"].map(quoted).join(" ");
	return method === "GET" ? { text: command, variables: [] } : withInput(`${command} --json-file -`, body);
}

/** A command with a here-document as input, in which the shell expands variables. */
function withInput(command, body) {
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
