//! Sudo, given and taken by way of a group.
//!
//! `sudoers` is never edited: a mistake there locks everybody out, and most machines grant everything to one
//! group for this purpose.

use super::account::whole;
use super::{Change, WriteError, Writer, check_host};
use crate::files::group;
use crate::files::passwd;
use crate::reading::Gap;
use crate::sudoers::{self, Policy, Via};

impl Writer {
    pub(super) fn give_sudo(&self, account: &str, host: &str) -> Result<Change, WriteError> {
        check_host(host)?;
        self.user(account)?;
        let rules = self.rules_for(account)?;
        if !rules.is_empty() {
            self.check_sudo(account, &rules)?;
            return Ok(Change::Unchanged);
        }
        let group = self.sudo_group()?;
        let change = self.join_group(account, &group)?;
        let rules = self.rules_for(account)?;
        if !rules.is_empty()
            && let Err(error) = self.check_sudo(account, &rules)
        {
            if change == Change::Changed {
                self.remove_member(account, &group)?;
            }
            return Err(error);
        }
        if rules.is_empty() {
            if change == Change::Changed {
                self.remove_member(account, &group)?;
            }
            let reason = format!("another rule keeps {account:?} from sudo in spite of group {group:?}");
            return Err(WriteError::Unsupported { reason });
        }
        Ok(Change::Changed)
    }

    pub(super) fn take_sudo(&self, account: &str, host: &str) -> Result<Change, WriteError> {
        check_host(host)?;
        self.user(account)?;
        let rules = self.rules_for(account)?;
        let own = self.policy()?.administrative_groups(&whole(group::read(&self.root))?);
        let elsewhere: Vec<String> = rules
            .iter()
            .filter(|via| !own.iter().any(|group| via.names_group(group)))
            .map(describe)
            .collect();
        if !elsewhere.is_empty() {
            return Err(WriteError::GrantedElsewhere { account: account.to_owned(), rules: elsewhere });
        }
        self.check_may_be_stripped(account)?;
        let mut change = Change::Unchanged;
        for group in own.iter().filter(|name| rules.iter().any(|via| via.names_group(name))) {
            if self.leave_group(account, group)? == Change::Changed {
                change = Change::Changed;
            }
        }
        let left = self.rules_for(account)?;
        if !left.is_empty() {
            let rules = left.iter().map(describe).collect();
            return Err(WriteError::GrantedElsewhere { account: account.to_owned(), rules });
        }
        self.check_sudo(account, &left)?;
        Ok(change)
    }

    /// Looks whether sudo itself, on the running machine, acts by the rules for an account.
    ///
    /// # Errors
    /// [`WriteError::NoEffect`] when it does not.
    fn check_sudo(&self, account: &str, rules: &[Via]) -> Result<(), WriteError> {
        // What sudo is asked about is some command as root; rules for less need not give it.
        let wanted = rules.iter().any(|via| via.full);
        match self.sudo_lets(account)? {
            Some(lets) if lets != wanted && (wanted || rules.is_empty()) => {
                let state = if lets { "still lets" } else { "does not let" };
                let reason = format!("sudo {state} {account:?} run commands as root");
                Err(WriteError::NoEffect { reason })
            }
            _ => Ok(()),
        }
    }

    /// The group that gives sudo on this machine.
    pub(super) fn sudo_group(&self) -> Result<String, WriteError> {
        let groups = whole(group::read(&self.root))?;
        self.policy()?.administrative_groups(&groups).into_iter().next().ok_or_else(|| {
            WriteError::Unsupported { reason: format!("{} grants no group everything", sudoers::PATH) }
        })
    }

    fn rules_for(&self, account: &str) -> Result<Vec<Via>, WriteError> {
        let users = whole(passwd::read(&self.root))?;
        let groups = whole(group::read(&self.root))?;
        let grants = self.policy()?.grants(&users, &groups);
        if let Some(gap) = grants.gaps.iter().find(|gap| matches!(gap, Gap::Limited { .. })) {
            return Err(WriteError::from_gap(gap));
        }
        Ok(grants
            .items
            .into_iter()
            .find(|grant| grant.account == account)
            .map(|grant| grant.via)
            .unwrap_or_default())
    }

    /// The rules, if none of their files is withheld: a rule in it could change everything.
    fn policy(&self) -> Result<Policy, WriteError> {
        let policy = sudoers::read(&self.root);
        let withheld = |gap: &&Gap| {
            matches!(
                gap,
                Gap::Missing { .. } | Gap::Denied { .. } | Gap::Unreadable { .. } | Gap::Limited { .. }
            )
        };
        match policy.gaps().iter().find(withheld) {
            Some(gap) => Err(WriteError::from_gap(gap)),
            None => Ok(policy),
        }
    }
}

fn describe(via: &Via) -> String {
    format!("{} ({})", via.who, via.place)
}
