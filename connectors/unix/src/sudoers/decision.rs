//! Decides which rules grant something to a user.

use std::collections::HashMap;
use std::rc::Rc;

use super::effect::Effect;
use super::item::Who;
use super::rule::Rule;
use super::targets::{Mask, Pair};
use super::{RootAccess, Via};

/// What one part of a rule grants and denies on this host.
#[derive(Debug)]
pub(super) struct RulePart<'a> {
    pub(super) rule: &'a Rule,
    pub(super) steps: Vec<Step<'a>>,
    /// Whether it certainly applies to this host.
    pub(super) is_certain: bool,
}

/// Commands, with their target users.
#[derive(Debug)]
pub(super) struct Step<'a> {
    /// `None` for the default target of the user.
    pub(super) targets: Option<Pair>,
    pub(super) effect: Rc<Effect<'a>>,
    pub(super) negated: bool,
    /// Whether `NOPASSWD` applies.
    pub(super) without_password: bool,
    /// Whether it certainly applies now.
    pub(super) is_certain: bool,
    /// Whether it doesn't end at some time (`NOTAFTER`).
    pub(super) is_lasting: bool,
}

/// A part of a rule that names a user.
#[derive(Debug, Clone)]
pub(super) struct Named<'a> {
    pub(super) part: Rc<RulePart<'a>>,
    /// The member of the rule's list that names the user.
    pub(super) who: &'a Who,
    /// Whether it certainly names the user.
    pub(super) is_certain: bool,
}

impl RulePart<'_> {
    /// How much work it takes to evaluate it.
    pub(super) fn cost(&self) -> usize {
        self.steps.iter().map(|step| step.effect.len()).sum()
    }
}

/// The rules that grant something to a user, in their order, and whether the user can become root. `named` are all
/// rules that name the user; `default` is whom the user becomes if a rule names nobody; `roots` are the users with UID 0.
pub(super) fn decide(named: &[Named<'_>], default: Pair, roots: Mask) -> (Vec<Via>, RootAccess) {
    let mut later = Later::default();
    let mut via = Vec::new();
    let mut root_access = RootAccess::default();
    for Named { part, who, is_certain } in named.iter().rev() {
        let mut grants = Grants::default();
        for step in part.steps.iter().rev() {
            let targets = step.targets.unwrap_or(default);
            let is_certain = step.is_certain && part.is_certain && *is_certain;
            later.add(step, targets, is_certain, roots, &mut grants);
        }
        if grants.something {
            via.push(Via { who: (*who).clone(), place: part.rule.place(), full: grants.everything });
        }
        root_access.add(grants.root_access);
    }
    via.reverse();
    (via, root_access)
}

/// What a rule grants that later ones do not take away.
#[derive(Debug, Default)]
struct Grants {
    something: bool,
    /// Every command as root.
    everything: bool,
    root_access: RootAccess,
}

/// What the rules after the current one decide. As in sudo, the last rule is looked at first.
#[derive(Debug, Default)]
struct Later<'a> {
    /// The targets as whom no command is left.
    closed: Mask,
    forbidden: HashMap<&'a str, Mask>,
    allowed: HashMap<&'a str, Mask>,
    /// Like `allowed`, without rules that end at some time.
    always_allowed: HashMap<&'a str, Mask>,
    /// The targets as whom some command is certainly forbidden.
    lessened: Mask,
    /// The targets as whom some command, or every command, may be forbidden.
    maybe_lessened: Mask,
}

impl<'a> Later<'a> {
    fn add(&mut self, step: &Step<'a>, targets: Pair, is_certain: bool, roots: Mask, grants: &mut Grants) {
        let open = targets.may & !self.closed;
        for (&command, &allowed) in &step.effect.some {
            if allowed != step.negated {
                let forbidden = self.forbidden.get(command).copied().unwrap_or_default();
                grants.something |= open & !forbidden != 0;
                if is_certain {
                    *self.allowed.entry(command).or_default() |= targets.must;
                    if step.is_lasting {
                        *self.always_allowed.entry(command).or_default() |= targets.must;
                    }
                }
            } else {
                let allowed = self.allowed.get(command).copied().unwrap_or_default();
                let always_allowed = self.always_allowed.get(command).copied().unwrap_or_default();
                self.maybe_lessened |= targets.may & !always_allowed;
                if is_certain {
                    self.lessened |= open & !allowed;
                    *self.forbidden.entry(command).or_default() |= targets.must;
                }
            }
        }
        match step.effect.every.map(|allowed| allowed != step.negated) {
            Some(true) => {
                grants.something |= open != 0;
                grants.everything |= is_certain && open & roots & !self.lessened != 0;
                let is_certain = is_certain && step.is_lasting;
                let certain = is_certain && targets.must & !self.closed & roots & !self.maybe_lessened != 0;
                grants.root_access.add(RootAccess {
                    possible: open & roots != 0,
                    with_password: certain,
                    without_password: certain && step.without_password,
                });
            }
            Some(false) => {
                self.maybe_lessened |= targets.may;
                if is_certain {
                    self.closed |= targets.must;
                }
            }
            None => {}
        }
    }
}
