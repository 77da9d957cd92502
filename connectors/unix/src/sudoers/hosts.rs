//! Whether a rule applies to this host.

use super::Policy;
use super::item::{Item, Kind, Who};
use super::work::Work;

/// A host list that leads to more aliases than this is undecided.
const MAX_ALIASES: u16 = 1000;

/// Whether `hosts` names this host. As in sudo, the last member that matches decides. `None` if it is uncertain because of
/// addresses, netgroups, patterns, or an unknown hostname.
pub(super) fn include(policy: &Policy, hosts: &[Item], work: &mut Work) -> Option<bool> {
    let mut left = MAX_ALIASES;
    Some(evaluate(policy, hosts, &mut left, work)?.unwrap_or(false))
}

/// The inner `None` means that no member matches.
fn evaluate(policy: &Policy, hosts: &[Item], left: &mut u16, work: &mut Work) -> Option<Option<bool>> {
    for item in hosts.iter().rev() {
        if !work.takes(1) {
            return None;
        }
        let matches = match &item.kind {
            Kind::Who(Who::All) => Some(true),
            Kind::Who(Who::User(name)) => is_named(policy, name)?.then_some(true),
            Kind::MaybeAlias { name, .. } => match policy.host_aliases.get(name) {
                Some(members) => {
                    *left = left.checked_sub(1)?;
                    evaluate(policy, members, left, work)?
                }
                None => is_named(policy, name)?.then_some(true),
            },
            Kind::Who(_) | Kind::External => return None,
        };
        if let Some(matches) = matches {
            return Some(Some(matches != item.negated));
        }
    }
    Some(None)
}

fn is_named(policy: &Policy, name: &str) -> Option<bool> {
    let address = name.contains([':', '/']) || name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if address || name.contains(['*', '?', '[']) {
        return None;
    }
    let hostname = policy.hostname.as_deref()?;
    let short = hostname.split('.').next().unwrap_or(hostname);
    let is_this_host = name.eq_ignore_ascii_case(hostname) || name.eq_ignore_ascii_case(short);
    // sudo may look up the full name of this host, as Debian's does. Only the name service knows it.
    let may_be_full = !hostname.contains('.')
        && name.split_once('.').is_some_and(|(first, _)| first.eq_ignore_ascii_case(hostname));
    (is_this_host || !may_be_full).then_some(is_this_host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sudoers::cursor::Cursor;
    use crate::sudoers::item::list;

    fn on(hostname: Option<&str>, hosts: &str) -> Option<bool> {
        let items = |text| list(&mut Cursor::new(text)).unwrap();
        let mut policy = Policy { hostname: hostname.map(str::to_owned), ..Policy::default() };
        policy.host_aliases.insert("WEB".to_owned(), items("web1, web2, !web3"));
        policy.host_aliases.insert("LOOP".to_owned(), items("LOOP"));
        include(&policy, &items(hosts), &mut Work::new(&policy))
    }

    #[test]
    fn a_host_has_a_short_and_a_full_name() {
        assert_eq!(on(Some("web1.example.com"), "web1"), Some(true));
        assert_eq!(on(Some("web1.example.com"), "WEB1.EXAMPLE.COM"), Some(true));
        assert_eq!(on(Some("web1"), "db1, db2"), Some(false));
        assert_eq!(on(Some("web1"), "web1.example.com"), None, "only the name service knows the full name");
        assert_eq!(on(Some("web1"), "db1.example.com"), Some(false));
        assert_eq!(on(Some("web1"), "ALL, !web1"), Some(false));
        assert_eq!(on(Some("web1"), "!web1, ALL"), Some(true));
    }

    #[test]
    fn host_aliases_are_followed() {
        assert_eq!(on(Some("web2"), "WEB"), Some(true));
        assert_eq!(on(Some("web3"), "WEB"), Some(false));
        assert_eq!(on(Some("web3"), "!WEB"), Some(true));
        assert_eq!(on(Some("db"), "ALL, WEB"), Some(true));
    }

    #[test]
    fn uncertain_hosts_are_undecided() {
        for hosts in ["10.0.0.0/8", "fe80::1", "+servers", "web*", "LOOP"] {
            assert_eq!(on(Some("web1"), hosts), None, "{hosts}");
        }
        assert_eq!(on(None, "web1"), None);
        assert_eq!(on(None, "ALL"), Some(true));
    }
}
