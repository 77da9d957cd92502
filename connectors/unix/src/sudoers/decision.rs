//! Which rules give something to a user in the end.

use std::collections::HashMap;
use std::rc::Rc;

use super::Via;
use super::effect::Effect;
use super::item::Who;
use super::rule::Rule;
use super::targets::{Mask, Pair};

/// What one part of a rule gives and takes on this host.
#[derive(Debug)]
pub(super) struct Held<'a> {
    pub(super) rule: &'a Rule,
    pub(super) steps: Vec<Step<'a>>,
    /// Whether it is certain that it is for this host.
    pub(super) is_certain: bool,
}

/// Commands with the users as whom they are run.
#[derive(Debug)]
pub(super) struct Step<'a> {
    /// `None` for the default target of the user.
    pub(super) targets: Option<Pair>,
    pub(super) effect: Rc<Effect<'a>>,
    pub(super) negated: bool,
    /// Whether it is certain that it holds now.
    pub(super) is_certain: bool,
}

impl Held<'_> {
    /// How much work it is to decide by it.
    pub(super) fn cost(&self) -> usize {
        self.steps.iter().map(|step| step.effect.len()).sum()
    }
}

/// The rules that give something to a user, in their order. `held` are all that name the user, each with the member
/// that does; `default` is whom the user becomes if a rule names nobody; `roots` are those with root's number.
pub(super) fn decide(held: &[(Rc<Held<'_>>, &Who)], default: Pair, roots: Mask) -> Vec<Via> {
    let mut later = Later::default();
    let mut via = Vec::new();
    for (held, who) in held.iter().rev() {
        let mut given = Given::default();
        for step in held.steps.iter().rev() {
            let targets = step.targets.unwrap_or(default);
            later.add(step, targets, step.is_certain && held.is_certain, roots, &mut given);
        }
        if given.something {
            via.push(Via { who: (*who).clone(), place: held.rule.place(), full: given.everything });
        }
    }
    via.reverse();
    via
}

/// What a rule gives that later ones do not take away.
#[derive(Debug, Default)]
struct Given {
    something: bool,
    /// Every command as root.
    everything: bool,
}

/// What the rules behind the one that is looked at decide. As in sudo, the last ones are looked at first.
#[derive(Debug, Default)]
struct Later<'a> {
    /// As whom no command is left.
    closed: Mask,
    forbidden: HashMap<&'a str, Mask>,
    allowed: HashMap<&'a str, Mask>,
    /// As whom some command is forbidden.
    lessened: Mask,
}

impl<'a> Later<'a> {
    fn add(&mut self, step: &Step<'a>, targets: Pair, is_certain: bool, roots: Mask, given: &mut Given) {
        let open = targets.may & !self.closed;
        for (&command, &allowed) in &step.effect.some {
            if allowed != step.negated {
                let forbidden = self.forbidden.get(command).copied().unwrap_or_default();
                given.something |= open & !forbidden != 0;
                if is_certain {
                    *self.allowed.entry(command).or_default() |= targets.must;
                }
            } else if is_certain {
                let allowed = self.allowed.get(command).copied().unwrap_or_default();
                self.lessened |= open & !allowed;
                *self.forbidden.entry(command).or_default() |= targets.must;
            }
        }
        match step.effect.every.map(|allowed| allowed != step.negated) {
            Some(true) => {
                given.something |= open != 0;
                given.everything |= is_certain && open & roots & !self.lessened != 0;
            }
            Some(false) if is_certain => self.closed |= targets.must,
            _ => {}
        }
    }
}
