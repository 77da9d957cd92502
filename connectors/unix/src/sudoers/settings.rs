//! The settings that hold on this host.

use super::defaults::{Scope, Setting};
use super::item::Item;
use super::work::Work;
use super::{Policy, hosts};

/// The user to become when neither a rule nor a setting names one.
const ROOT: &str = "root";

/// What `Defaults` say, the last of them deciding.
#[derive(Debug)]
pub(super) struct Settings<'a> {
    pub(super) users_ignore_case: bool,
    pub(super) groups_ignore_case: bool,
    /// The members of a group are those of its number.
    pub(super) groups_by_gid: bool,
    /// Whether root may use sudo.
    pub(super) root_may: bool,
    /// The users to become when a rule names none, for these users or for all. The last one that fits counts.
    pub(super) default_targets: Vec<(Option<&'a [Item]>, &'a str)>,
}

impl<'a> Settings<'a> {
    pub(super) fn of(policy: &'a Policy, work: &mut Work) -> Self {
        let mut settings = Self {
            users_ignore_case: true,
            groups_ignore_case: true,
            groups_by_gid: false,
            root_may: true,
            default_targets: vec![(None, ROOT)],
        };
        for defaults in &policy.defaults {
            let users = match &defaults.scope {
                Scope::Everybody => None,
                Scope::Hosts(hosts) if hosts::include(policy, hosts, work) == Some(true) => None,
                Scope::Hosts(_) => continue,
                Scope::Users(users) => Some(users.as_slice()),
            };
            for setting in &defaults.settings {
                settings.set(setting, users);
            }
        }
        settings
    }

    /// Of the settings for some users only the target counts: without the others they would keep more than they have.
    fn set(&mut self, setting: &'a Setting, users: Option<&'a [Item]>) {
        match (setting, users) {
            (Setting::RunasDefault(name), _) => self.default_targets.push((users, name)),
            (Setting::CaseInsensitiveUser(on), None) => self.users_ignore_case = *on,
            (Setting::CaseInsensitiveGroup(on), None) => self.groups_ignore_case = *on,
            (Setting::MatchGroupByGid(on), None) => self.groups_by_gid = *on,
            (Setting::RootSudo(on), None) => self.root_may = *on,
            (_, Some(_)) => {}
        }
    }
}
