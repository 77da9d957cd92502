// The page as a whole: reads the document, then shows its capabilities.

import { Capability } from "./capability.js";
import { Connection } from "./connection.js";
import { Description, EFFECTS } from "./description.js";
import { byId, button, h } from "./dom.js";

const ADDRESS = new URL("openapi.json", location.href.split("#")[0]);
const isNarrow = matchMedia("(max-width: 55rem)");

/** Reads the document, with the server's token if it asks for one. */
async function open(token) {
  let response;
  try {
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    response = await fetch(ADDRESS, { headers, cache: "no-store" });
    if (response.status === 401) return askForToken(token ? "This is not the token." : "");
    if (!response.ok) return complain(`openapi.json was answered ${response.status}.`);
    start(new Description(await response.json(), ADDRESS), token);
  } catch (error) {
    complain(response ? `openapi.json cannot be shown: ${error.message}` : "The server does not answer: is it still running?");
  }
}

function gate(...children) {
  byId("gate").replaceChildren(...children);
  byId("gate").hidden = false;
}

function complain(message) {
  gate(h("p", { role: "alert" }, message), button("Try again", () => open()));
}

function askForToken(problem) {
  const input = h("input", { type: "password", id: "token", autocomplete: "off", required: true, "aria-describedby": "token-problem" });
  const submit = (event) => {
    event.preventDefault();
    open(input.value);
  };
  gate(
    h("form", { onsubmit: submit },
      h("label", { for: "token" }, "This server asks for a bearer token"),
      h("div", { class: "row" }, input, h("button", { class: "primary" }, "Open")),
      h("p", { class: "problem", id: "token-problem", role: "alert" }, problem),
      h("p", { class: "hint" }, "It is kept in this tab's memory only.")),
  );
  input.focus();
}

function start(description, token) {
  byId("gate").hidden = true;
  byId("gate").replaceChildren();
  byId("title").textContent = description.title;
  byId("description").textContent = description.description;
  const facts = [["Version", description.version], ["Wire format", description.wire], ["App id", description.appId]];
  byId("facts").replaceChildren(
    ...facts.filter(([, value]) => value).map(([name, value]) => h("li", {}, `${name} `, h("code", {}, value))),
    h("li", {}, h("a", { href: "openapi.json" }, "openapi.json")),
  );
  const views = new Map();
  let current;
  const connection = new Connection(description, token, () => {
    byId("connection-state").textContent = connection.state;
    current?.refresh();
  });
  byId("connection-form").replaceChildren(...connection.parts);
  byId("connection-form").addEventListener("submit", (event) => event.preventDefault());
  byId("connection").hidden = connection.parts.length === 0;
  byId("connection-state").textContent = connection.state;
  const links = list(description.operations);
  const show = (isMove) => {
    const name = decodeURIComponent(location.hash.replace(/^#\/?/, ""));
    const { operations } = description;
    const operation = operations.find((one) => one.name === name) ?? operations.find((one) => one.paginated) ?? operations[0];
    if (!operation) return complain("This connector has no capabilities.");
    if (!views.has(operation)) views.set(operation, new Capability(operation, description, connection));
    current = views.get(operation);
    current.refresh();
    byId("capability").replaceChildren(current.element);
    document.title = `${operation.title} – ${description.title}`;
    for (const [one, link] of links) link.toggleAttribute("aria-current", one === operation);
    links.get(operation).setAttribute("aria-current", "page");
    if (isNarrow.matches) byId("menu").open = false;
    if (isMove) current.heading.focus();
  };
  addEventListener("hashchange", () => show(true));
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    current.heading.focus();
  });
  byId("layout").hidden = false;
  isNarrow.addEventListener("change", () => (byId("menu").open = !isNarrow.matches));
  show(false);
}

/** Fills the list of capabilities, by what they do to the app. */
function list(operations) {
  const links = new Map();
  const groups = new Map();
  for (const operation of operations) {
    const { name, effect } = operation;
    const label = EFFECTS[effect]?.label ?? effect;
    const link = h("a", { href: `#/${name}` }, name, h("span", { class: "unseen" }, `, ${label}`));
    links.set(operation, link);
    if (!groups.has(label)) groups.set(label, { effect, entries: [] });
    groups.get(label).entries.push(h("li", { "data-name": name }, link));
  }
  const order = Object.values(EFFECTS).map(({ label }) => label);
  const sorted = [...groups].sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
  byId("capabilities").replaceChildren(
    ...sorted.map(([label, { effect, entries }]) => h("li", { class: "group" }, h("h2", { class: `effect ${effect}` }, label), h("ul", {}, ...entries))),
  );
  byId("count").textContent = String(operations.filter(({ method }) => method === "POST").length);
  byId("filter").addEventListener("input", () => filter(byId("filter").value.trim().toLowerCase().replace(/[-\s]/g, "_")));
  return links;
}

function filter(wanted) {
  let found = 0;
  for (const group of document.querySelectorAll("#capabilities > li")) {
    let inGroup = 0;
    for (const entry of group.querySelectorAll("li")) {
      entry.hidden = !entry.dataset.name.includes(wanted);
      inGroup += Number(!entry.hidden);
    }
    group.hidden = inGroup === 0;
    found += inGroup;
  }
  byId("none").hidden = found > 0;
}

open();
