// Asks for confirmation in a native modal dialog. Escape closes it, and the focus returns to where it was.

import { byId } from "./dom.js";

const dialog = byId("confirm");
byId("confirm-no").addEventListener("click", () => dialog.close("no"));
byId("confirm-yes").addEventListener("click", () => dialog.close("yes"));

/** Resolves to whether the user confirms. */
export function confirmed({ title, description, name }) {
	byId("confirm-title").textContent = `Send “${title}”?`;
	const what = description ? `${description.replace(/\.$/, "")}. ` : "";
	byId("confirm-text").textContent = `${what}This is an unsafe write: it changes the app, and sending it twice may change the app twice.`;
	byId("confirm-yes").textContent = `Send ${name}`;
	dialog.returnValue = "no";
	dialog.showModal();
	byId("confirm-no").focus();
	return new Promise((resolve) => {
		dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
	});
}
