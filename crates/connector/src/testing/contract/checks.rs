//! The checks: what each demands, and what carries it out.

mod answers;
mod credentials;
mod identity;
mod info;
mod input;
mod pages;
mod unknown;
mod writes;

use super::session::{Checked, Session};

/// The page that explains the checks, a section each.
const PAGE: &str = include_str!("../../../docs/contract.md");

/// Something that is demanded of a connector.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    id: &'static str,
    demand: &'static str,
    pub(super) run: fn(&Session<'_>) -> Checked,
}

impl Check {
    /// All, in the order in which they are run.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        ALL
    }

    /// The check of this id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        ALL.iter().find(|check| check.id == id)
    }

    /// Its id, `pages-end` say.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// What it demands, in one line.
    #[must_use]
    pub const fn demand(&self) -> &'static str {
        self.demand
    }

    /// What it demands, why, and how to mend a connector that fails it: Markdown.
    #[must_use]
    pub fn explanation(&self) -> &'static str {
        let title = format!("\n## {}\n", self.id);
        let Some(at) = PAGE.find(&title) else { return "" };
        let section = &PAGE[at + 1..];
        section.find("\n## ").map_or(section, |end| &section[..=end])
    }
}

const fn check(id: &'static str, demand: &'static str, run: fn(&Session<'_>) -> Checked) -> Check {
    Check { id, demand, run }
}

/// Those that only read come first; of those that write, each undoes what the one before has done.
const ALL: &[Check] = &[
    check("info-complete", "info names every capability, and has schemas of each", info::complete),
    check("schemas-valid", "every schema that info has is a JSON Schema", info::schemas_valid),
    check("broken-json", "what is no JSON object is refused by every capability", input::broken_json),
    check("wrong-types", "a request of wrong types is refused by every capability", input::wrong_types),
    check("missing-auth", "a request without credentials is refused", input::missing_auth),
    check("error-shape", "every error has the shape of the wire format", answers::error_shape),
    check("answers-match-schemas", "answers are as the schemas in info say", answers::match_schemas),
    check("credentials-told-apart", "bad credentials are told from good ones", credentials::told_apart),
    check("secrets-silent", "secrets of a request come back nowhere", credentials::secrets_silent),
    check("pages-end", "listings end, repeat no page token, and keep to the size of a page", pages::end),
    check("pages-agree", "a listing has the same items at every size of its pages", pages::agree),
    check("ids-unique", "no listing has an id twice", identity::unique),
    check(
        "associations-resolve",
        "associations name accounts, entitlements and resources that are listed",
        identity::associations,
    ),
    check("unknown-ids", "an id that nobody has is not_found", unknown::not_found),
    check("deactivate-twice", "an account can be suspended twice", writes::deactivate_twice),
    check("activate-twice", "an account can be activated twice", writes::activate_twice),
    check("assign-twice", "an entitlement can be given twice", writes::assign_twice),
    check("unassign-twice", "an entitlement can be taken twice", writes::unassign_twice),
    check(
        "create-list-delete",
        "an account that is created is listed until it is deleted",
        writes::create_list_delete,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_section_of_the_page_and_every_section_is_of_a_check() {
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
