//! The checks: what each one requires, and the function that runs it.

mod answers;
mod credentials;
mod graphs;
mod identity;
mod info;
mod input;
mod pages;
mod probe;
mod recency;
mod single;
mod unknown;
mod updated;
mod writes;

use super::session::{Checked, Session};

/// The page that explains the checks, in a section each.
const PAGE: &str = include_str!("../../../docs/contract.md");

/// A rule that a connector must honor.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    id: &'static str,
    requirement: &'static str,
    pub(super) run: fn(&Session<'_>) -> Checked,
}

impl Check {
    /// All checks, in the order in which they run.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        ALL
    }

    /// The check with this ID.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        ALL.iter().find(|check| check.id == id)
    }

    /// The check's ID, such as `pages-end`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// What the check requires, in one line.
    #[must_use]
    pub const fn requirement(&self) -> &'static str {
        self.requirement
    }

    /// What the check requires, why, and how to fix a connector that fails it, as Markdown.
    #[must_use]
    pub fn explanation(&self) -> &'static str {
        let title = format!("\n## {}\n", self.id);
        let Some(at) = PAGE.find(&title) else { return "" };
        let section = &PAGE[at + 1..];
        section.find("\n## ").map_or(section, |end| &section[..=end])
    }
}

const fn check(id: &'static str, requirement: &'static str, run: fn(&Session<'_>) -> Checked) -> Check {
    Check { id, requirement, run }
}

/// Checks that only read come first. Each check that writes reverts what the previous one has done.
const ALL: &[Check] = &[
    check("info-complete", "info lists every capability with its schemas", info::complete),
    check("schemas-valid", "every schema in info is a valid JSON Schema", info::schemas_valid),
    check("app-info-agrees", "app_info returns an OpenAPI document of what info describes", info::app_info),
    check("malformed-json", "every capability rejects malformed JSON", input::malformed_json),
    check("wrong-types", "every capability rejects a request with wrong types", input::wrong_types),
    check("missing-auth", "a request without credentials is rejected", input::missing_auth),
    check("error-shape", "every error has the shape that the wire format defines", answers::error_shape),
    check("answers-match-schemas", "responses match the schemas in info", answers::match_schemas),
    check("bad-credentials", "bad credentials are rejected, and good ones are accepted", credentials::bad),
    check(
        "secrets-not-leaked",
        "no response or log contains a secret of the request",
        credentials::not_leaked,
    ),
    check("pages-end", "listings end, repeat no page token, and respect the page size", pages::end),
    check("pages-agree", "a listing has the same items for every page size", pages::agree),
    check("ids-unique", "no ID occurs twice in a listing", identity::unique),
    check("get-equals-list", "what is requested by its ID is as it is listed", single::get_equals_list),
    check("updated-are-listed", "updated accounts are as list_accounts lists them", updated::are_listed),
    check(
        "associations-resolve",
        "associations refer to accounts, entitlements and resources that are listed",
        identity::associations,
    ),
    check("graphs-resolve", "the access graphs refer only to what they contain", graphs::resolve),
    check("recency-is-past", "get_data_recency reports no time in the future", recency::is_past),
    check("probe-agrees", "probe_integration reports what the listings return", probe::agrees),
    check("unknown-ids", "an unknown ID is reported as not_found", unknown::not_found),
    check("deactivate-twice", "an account can be suspended twice", writes::deactivate_twice),
    check("activate-twice", "an account can be activated twice", writes::activate_twice),
    check("assign-twice", "an entitlement can be assigned twice", writes::assign_twice),
    check("unassign-twice", "an entitlement can be removed twice", writes::unassign_twice),
    check(
        "create-list-delete",
        "an account is listed from its creation until its deletion",
        writes::create_list_delete,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_and_sections_of_the_page_correspond() {
        for check in ALL {
            let section = check.explanation();
            assert!(section.starts_with(&format!("## {}\n", check.id)), "{}", check.id);
            for part in ["**Requires**", "**Why**", "**Fix**"] {
                assert_eq!(section.matches(part).count(), 1, "{} {part}", check.id);
            }
        }
        let sections = PAGE.lines().filter_map(|line| line.strip_prefix("## "));
        let ids: Vec<&str> = sections.filter(|title| !title.contains(' ')).collect();
        assert_eq!(ids, ALL.iter().map(Check::id).collect::<Vec<_>>());
    }
}
