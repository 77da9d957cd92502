//! The settings that apply to this host.

use super::defaults::{Owner, Scope, Setting};
use super::item::{Item, Who};
use super::work::Work;
use super::{Policy, hosts, targets};

/// The target user if neither a rule nor a setting names one.
const ROOT: &str = "root";

/// The values of `Defaults`. The last line about a setting decides.
#[derive(Debug)]
pub(super) struct Settings<'a> {
    pub(super) users_ignore_case: bool,
    pub(super) groups_ignore_case: bool,
    /// Whether the members of a group are those of its number.
    pub(super) groups_by_gid: bool,
    /// Whether root can use sudo.
    pub(super) root_may: bool,
    /// The target users if a rule names none, for these users or for all. The last one that matches counts.
    pub(super) default_targets: Vec<(Option<&'a [Item]>, &'a str)>,
    /// Whether another default target may apply, because a setting may be for this host.
    pub(super) default_target_is_uncertain: bool,
    /// Whose passwords sudo requires from everybody.
    required: Vec<Owner>,
    /// Whose passwords sudo may require, depending on the user, the command, the target or the host.
    sometimes_required: Vec<Owner>,
}

impl<'a> Settings<'a> {
    pub(super) fn of(policy: &'a Policy, work: &mut Work) -> Self {
        let mut settings = Self {
            users_ignore_case: true,
            groups_ignore_case: true,
            groups_by_gid: false,
            root_may: true,
            default_targets: vec![(None, ROOT)],
            default_target_is_uncertain: false,
            required: Vec::new(),
            sometimes_required: Vec::new(),
        };
        for defaults in &policy.defaults {
            let (users, applies) = match &defaults.scope {
                Scope::Everybody => (None, Some(true)),
                Scope::Hosts(hosts) => (None, hosts::include(policy, hosts, work)),
                Scope::Users(users) => (Some(users.as_slice()), Some(true)),
                Scope::Other => (None, None),
            };
            for setting in &defaults.settings {
                if let Setting::PasswordOf(owner, on) = setting {
                    let certain = applies.filter(|_| users.is_none());
                    settings.require_password(*owner, *on, certain);
                } else if applies == Some(true) {
                    settings.set(setting, users);
                } else if applies.is_none() && matches!(setting, Setting::RunasDefault(_)) {
                    settings.default_target_is_uncertain = true;
                }
            }
        }
        settings
    }

    /// `applies` is `None` if it depends on the call.
    fn require_password(&mut self, owner: Owner, on: bool, applies: Option<bool>) {
        match applies {
            Some(true) => {
                self.required.retain(|other| *other != owner);
                if on {
                    self.required.push(owner);
                }
            }
            None if on => self.sometimes_required.push(owner),
            _ => {}
        }
    }

    /// The users whose passwords sudo may require from somebody who runs a command as root. The caller's own password
    /// isn't among them.
    pub(super) fn password_owners(&self) -> Vec<Who> {
        let mut owners = Vec::new();
        for owner in self.required.iter().chain(&self.sometimes_required) {
            match owner {
                Owner::Root | Owner::Target => owners.push(Who::Uid(0)),
                Owner::DefaultTarget => {
                    // A target for everybody overrides the earlier ones.
                    let last = self.default_targets.iter().rposition(|(users, _)| users.is_none());
                    let targets = self.default_targets.iter().skip(last.unwrap_or_default());
                    owners.extend(targets.map(|(_, name)| targets::named_default(name)));
                }
            }
        }
        owners
    }

    /// Of the settings for some users, only the default target counts. The other ones only affect which rules apply to
    /// those users.
    fn set(&mut self, setting: &'a Setting, users: Option<&'a [Item]>) {
        match (setting, users) {
            (Setting::RunasDefault(name), _) => {
                self.default_targets.push((users, name));
                self.default_target_is_uncertain &= users.is_some();
            }
            (Setting::CaseInsensitiveUser(on), None) => self.users_ignore_case = *on,
            (Setting::CaseInsensitiveGroup(on), None) => self.groups_ignore_case = *on,
            (Setting::MatchGroupByGid(on), None) => self.groups_by_gid = *on,
            (Setting::RootSudo(on), None) => self.root_may = *on,
            (Setting::PasswordOf(..), _) | (_, Some(_)) => {}
        }
    }
}
